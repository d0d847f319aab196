import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { withAppUnderTest } from "@/scripts/app-under-test";
import { pinnedNode } from "@/scripts/bootstrap.mjs";
import { ensureBrowser } from "@/scripts/browser.mjs";
import { step } from "@/scripts/step.mjs";
import { type Outcome, readPlaywrightReport, readVitestReport } from "@/scripts/test-reports";

type Part = { name: string; run: () => Promise<Outcome> };

const PARTS = ["checks", "unit", "db", "e2e"];
const bin = (name: string) => path.resolve("node_modules", name);
const BIOME = bin(".bin/biome");
const TSC = bin("typescript/bin/tsc");
const VITEST = bin("vitest/vitest.mjs");
const PLAYWRIGHT = bin("@playwright/test/cli.js");

/** Runs the parts asked for, one after the other, and ends with what failed, once more, and one line that counts them all. */
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
  const total: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [] };
  try {
    for (const part of partsOf(output).filter(({ name }) => only.includes(name.split(" ")[0] ?? ""))) {
      const outcome = await step(part.name, async (note) => {
        const came = await part.run();
        note(`${came.passed} passed, ${came.failed} failed`);
        return came;
      });
      total.passed += outcome.passed;
      total.failed += outcome.failed;
      total.skipped += outcome.skipped;
      total.failures.push(...outcome.failures);
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  // A log is read from its end: thousands of lines may stand between a failure and here.
  if (total.failures.length > 0) console.log(`\nFailed:\n\n${total.failures.join("\n\n")}`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}

function partsOf(output: string): Part[] {
  return [
    {
      name: "checks lint",
      run: () =>
        runCheck("lint", BIOME, [
          "ci",
          "--error-on-warnings",
          ...(process.stdout.isTTY ? [] : ["--colors=off"]),
          ".",
        ]),
    },
    { name: "checks types", run: () => runCheck("types", pinnedNode(), [TSC, "--noEmit", "-p", "."]) },
    { name: "unit tests", run: () => runVitest(["unit", "lab"], output) },
    { name: "db tests", run: () => runVitest(["db"], output) },
    { name: "e2e tests", run: () => runBrowserTests(output) },
  ];
}

/** A tool that passes or fails as a whole counts as one. */
async function runCheck(name: string, command: string, args: string[]): Promise<Outcome> {
  if (await run(command, args)) return { passed: 1, failed: 0, skipped: 0, failures: [] };
  return failedWhole(`the ${name} check`);
}

/** What a part comes to that has nothing to say of its single tests. */
function failedWhole(name: string): Outcome {
  return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: what it said stands above`] };
}

async function runVitest(projects: string[], output: string): Promise<Outcome> {
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
  if (!existsSync(report)) return failedWhole(`the ${projects.join(" and ")} tests`);
  return readVitestReport(readFileSync(report, "utf8"), ok);
}

/** The built app, started by `npm start` itself on ports and a folder of its own, driven by a real browser. */
async function runBrowserTests(output: string): Promise<Outcome> {
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
    return existsSync(report)
      ? readPlaywrightReport(readFileSync(report, "utf8"))
      : failedWhole("the e2e tests");
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
