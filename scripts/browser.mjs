import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { capture, pinnedNode, ROOT, StartError } from "./bootstrap.mjs";
import { step } from "./step.mjs";

const SYSTEM_BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_BROWSERS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/**
 * A Chromium for the browser tests: the one PLAYWRIGHT_CHROMIUM names, the machine's own, Debian's package when root
 * may install it, else the one Playwright downloads.
 *
 * @returns {Promise<string>} the path of its executable
 */
export async function ensureBrowser() {
  const named = process.env.PLAYWRIGHT_CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new StartError(`PLAYWRIGHT_CHROMIUM names ${named}, which cannot be run: correct it or unset it.`);
  }
  const present = findSystemBrowser() ?? (await findPlaywrightBrowser());
  if (present) return present;
  return step("Install browser", async (note) => {
    const browser = (await installDebianPackage(note)) ?? (await installPlaywrightBrowser(note));
    if (browser) return browser;
    throw new StartError(
      "No browser could be installed: install Chromium or Chrome, or set PLAYWRIGHT_CHROMIUM to the path of one.",
    );
  });
}

function findSystemBrowser() {
  const inPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => SYSTEM_BROWSERS.map((name) => join(folder, name)));
  return [...inPath, ...(process.platform === "darwin" ? MAC_BROWSERS : [])].find(isExecutable) ?? null;
}

async function findPlaywrightBrowser() {
  const { chromium } = await import("playwright");
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : null;
}

async function installDebianPackage(note) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  note("Debian's Chromium");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await capture("apt-get", ["update", "-q"], INSTALL_TIMEOUT_MS, env);
  const packages = ["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-liberation"];
  const result = await capture("apt-get", packages, INSTALL_TIMEOUT_MS, env);
  if (!result.ok) console.error(lastLine(result.output));
  return findSystemBrowser();
}

async function installPlaywrightBrowser(note) {
  note("Playwright's Chromium");
  const cli = join(ROOT, "node_modules/playwright/cli.js");
  const result = await capture(pinnedNode(), [cli, "install", "chromium"], INSTALL_TIMEOUT_MS);
  if (!result.ok) console.error(lastLine(result.output));
  return findPlaywrightBrowser();
}

function lastLine(text) {
  return text.split("\n").at(-1) ?? "";
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
