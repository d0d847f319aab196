import { defineConfig } from "@playwright/test";

/** Run by `npm test`, which starts the app and names it in BASE_URL. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // One database and one day's allowance are shared: the accounts a test uses are its own, the machine has two cores.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json"]],
  projects: [
    { name: "journeys", testIgnore: "**/*.faults.spec.ts" },
    { name: "faults", testMatch: "**/*.faults.spec.ts", dependencies: ["journeys"] },
  ],
  use: {
    baseURL: process.env.BASE_URL,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.PLAYWRIGHT_CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
