import path from "node:path";
import { type BuildFailure, build, type Plugin } from "esbuild";
import { expect, test } from "vitest";

/** What knows the database, and what would bring it in. */
const DATABASE = /^(?:pg|prisma|@prisma\/.*)$/;
const OURS = /(?:^|\/)lib\/(?:db|stripe|email|auth|services)\//;

/** Everything that a file imports when it runs, its packages' files too, as a runtime without Node would load it. */
async function graphOf(entry: { file: string } | { text: string }) {
  const packages = new Set<string>();
  const record: Plugin = {
    name: "record",
    setup({ onResolve }) {
      onResolve({ filter: /^[^./]/ }, ({ path: name }) => {
        if (!name.startsWith("@/")) packages.add(name);
        return undefined;
      });
    },
  };
  const { metafile } = await build({
    ...("file" in entry
      ? { entryPoints: [entry.file] }
      : { stdin: { contents: entry.text, resolveDir: process.cwd(), loader: "ts" as const } }),
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: ["worker", "edge-light"],
    tsconfig: path.resolve("tsconfig.json"),
    logLevel: "silent",
    plugins: [record],
  });
  return { files: Object.keys(metafile.inputs), packages: [...packages] };
}

test("GET /usage/edge needs nothing of Node and no database, its packages included", async () => {
  const { files, packages } = await graphOf({ file: "app/api/v1/billing/usage/edge/route.ts" });
  expect(files).toContain("lib/redis/edge-store.ts");
  expect(packages).toContain("@upstash/redis");
  expect(packages.filter((name) => name.startsWith("node:") || DATABASE.test(name))).toEqual([]);
  expect(files.filter((file) => OURS.test(file))).toEqual([]);
});

test.each([
  ['import { hashToken } from "@/lib/auth/hash-token"; console.log(hashToken);', /node:crypto/],
  ['import { AsyncLocalStorage } from "async_hooks"; console.log(AsyncLocalStorage);', /async_hooks/],
])("and what does cannot be built like that: %s", async (text, problem) => {
  const failure = await graphOf({ text }).then(
    () => null,
    (error: BuildFailure) => error.message,
  );
  expect(failure).toMatch(problem);
});

test("and a route that asks Postgres is seen to", async () => {
  const { files } = await graphOf({
    text: 'import { query } from "@/lib/db/query"; console.log(query);',
  }).catch((error: BuildFailure) => ({ files: [error.message] }));
  expect(files.some((file) => OURS.test(file) || /pg|prisma|node:/.test(file))).toBe(true);
});
