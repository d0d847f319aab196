import { defineConfig } from "@playwright/test";

/**
 * What Chromium is to do without: first what Playwright itself turns off, for of two such lists the browser takes the
 * last (`disabledFeatures` in playwright-core), then two pages that a full Chromium draws behind the address bar of
 * every window, also where nobody sees it. They are half of what a page costs.
 */
const DISABLED_FEATURES = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "msForceBrowserSignIn",
  "msEdgeUpdateLaunchServicesPreferredVersion",
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
];

/** Run by `npm test`, which starts the app and names it in BASE_URL. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // One app is shared: the accounts a test uses are its own. What concerns everybody is in *.alone.spec.ts.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json"]],
  projects: [
    { name: "journeys", testIgnore: "**/*.alone.spec.ts" },
    { name: "alone", testMatch: "**/*.alone.spec.ts", dependencies: ["journeys"], workers: 1 },
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
        `--disable-features=${DISABLED_FEATURES.join(",")}`,
      ],
    },
  },
});
