import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { withAppUnderTest } from "@/scripts/app-under-test";
import { pinnedNode } from "@/scripts/bootstrap.mjs";
import { ensureBrowser } from "@/scripts/browser.mjs";
import { step } from "@/scripts/step.mjs";

type Counts = { passed: number; failed: number; skipped: number };
type Part = { name: string; run: () => Promise<Counts> };

const PARTS = ["checks", "unit", "db", "e2e"];
const bin = (name: string) => path.resolve("node_modules", name);
const BIOME = bin(".bin/biome");
const TSC = bin("typescript/bin/tsc");
const VITEST = bin("vitest/vitest.mjs");
const PLAYWRIGHT = bin("@playwright/test/cli.js");

/** Runs the parts asked for, one after the other, and ends with one line that counts them all. */
async function main(): Promise<void> {
  const only =
    process.argv
      .find((argument) => argument.startsWith("--only="))
      ?.slice("--only=".length)
      .split(",") ?? PARTS;
  const unknown = only.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0)
    throw new Error(`There is no part "${unknown.join(", ")}". There are: ${PARTS.join(", ")}.`);
  const output = mkdtempSync(path.join(os.tmpdir(), "tollkeeper-results-"));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const part of partsOf(output).filter(({ name }) => only.includes(name.split(" ")[0] ?? ""))) {
      const counts = await step(part.name, async (note) => {
        const counted = await part.run();
        note(`${counted.passed} passed, ${counted.failed} failed`);
        return counted;
      });
      total.passed += counts.passed;
      total.failed += counts.failed;
      total.skipped += counts.skipped;
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}

function partsOf(output: string): Part[] {
  return [
    {
      name: "checks lint",
      run: () =>
        runCheck(BIOME, [
          "ci",
          "--error-on-warnings",
          ...(process.stdout.isTTY ? [] : ["--colors=off"]),
          ".",
        ]),
    },
    { name: "checks types", run: () => runCheck(pinnedNode(), [TSC, "--noEmit", "-p", "."]) },
    { name: "unit tests", run: () => runVitest(["unit", "lab"], output) },
    { name: "db tests", run: () => runVitest(["db"], output) },
    { name: "e2e tests", run: () => runBrowserTests(output) },
  ];
}

/** A tool that passes or fails as a whole counts as one. */
async function runCheck(command: string, args: string[]): Promise<Counts> {
  const ok = await run(command, args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function runVitest(projects: string[], output: string): Promise<Counts> {
  const report = path.join(output, `${projects.join("-")}.json`);
  const ok = await run(pinnedNode(), [
    VITEST,
    "run",
    ...projects.map((project) => `--project=${project}`),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    "--silent=passed-only",
  ]);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(report, "utf8"),
  ) as Record<string, number>;
  // A file that does not load has no failed test of its own, but the run has failed.
  const failed = Math.max(numFailedTests ?? 0, ok ? 0 : 1);
  return { passed: numPassedTests ?? 0, failed, skipped: numPendingTests ?? 0 };
}

/** The built app, started by `npm start` itself on ports and a folder of its own, driven by a real browser. */
async function runBrowserTests(output: string): Promise<Counts> {
  const browser = await ensureBrowser();
  return withAppUnderTest({}, async (baseUrl, env) => {
    const report = path.join(output, "e2e.json");
    await run(pinnedNode(), [PLAYWRIGHT, "test"], {
      ...env,
      BASE_URL: baseUrl,
      ...(process.argv.includes("--all-looks") ? { ALL_LOOKS: "1" } : {}),
      PLAYWRIGHT_CHROMIUM: browser,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    });
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const { stats } = JSON.parse(readFileSync(report, "utf8")) as {
      stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    };
    // Flaky once is broken.
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
  });
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log("\n0 passed, 1 failed");
  process.exit(1);
});
