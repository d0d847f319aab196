import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("./", import.meta.url));
const alias = {
  "@/": root,
  // `server-only` throws outside a server bundle; its own empty module is what React's condition resolves to.
  "server-only": fileURLToPath(new URL("./node_modules/server-only/empty.js", import.meta.url)),
};
const exclude = ["node_modules/**", ".next/**", ".next-test/**", ".local/**", "e2e/**"];

/** `x.test.ts` needs nothing, under `local/stripe` a stand-in that it starts in its own process; `x.db.test.ts` needs the local services, which `global-setup` starts. */
export default defineConfig({
  test: {
    // Inherited by all projects: what a test provokes is not to bury what failed.
    env: { LOG_LEVEL: "silent" },
    // Without it one core of two stays idle.
    maxWorkers: 2,
    // What is awaited comes in milliseconds; a busy machine is not a broken one.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...exclude, "**/*.db.test.ts", "local/stripe/**"],
          testTimeout: 15_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "lab",
          include: ["local/stripe/**/*.test.ts"],
          testTimeout: 15_000,
          // Each file has a server of its own and no module keeps a state, so the engine is loaded once for all of them.
          isolate: false,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude,
          globalSetup: ["local/testing/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
