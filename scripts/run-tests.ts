import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findFreePort } from "@/local/free-port";
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

const APP_START_TIMEOUT_MS = 5 * 60_000;

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
    { name: "unit tests", run: () => runVitest("unit", output) },
    { name: "db tests", run: () => runVitest("db", output) },
    { name: "e2e tests", run: () => runBrowserTests(output) },
  ];
}

/** A tool that passes or fails as a whole counts as one. */
async function runCheck(command: string, args: string[]): Promise<Counts> {
  const ok = await run(command, args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function runVitest(project: string, output: string): Promise<Counts> {
  const report = path.join(output, `${project}.json`);
  const ok = await run(pinnedNode(), [
    VITEST,
    "run",
    `--project=${project}`,
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
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tollkeeper-e2e-"));
  const env = await appEnvironment(dataDir);
  const app = spawn(pinnedNode(), ["scripts/start.mjs"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const log = collectOutput(app);
  try {
    await waitForHealth(`http://localhost:${env.PORT}`, app, log);
    const report = path.join(output, "e2e.json");
    await run(pinnedNode(), [PLAYWRIGHT, "test"], {
      ...env,
      BASE_URL: `http://localhost:${env.PORT}`,
      PLAYWRIGHT_CHROMIUM: browser,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    });
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const { stats } = JSON.parse(readFileSync(report, "utf8")) as {
      stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    };
    // Flaky once is broken.
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
  } finally {
    await stop(app);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * What the app under test sees. Nothing of the caller's own configuration reaches it: every documented variable is
 * set to nothing, which keeps a `.env` file from filling it in.
 */
async function appEnvironment(dataDir: string): Promise<NodeJS.ProcessEnv> {
  const { PATH, HOME, LANG, TMPDIR, npm_execpath } = process.env;
  const documented = readFileSync(".env.example", "utf8").matchAll(/^([A-Z_]+)=/gm);
  const ports = await Promise.all(Array.from({ length: 5 }, () => findFreePort()));
  const [app, postgres, redis, mail, stripe] = ports.map(String);
  const env: Record<string, string | undefined> = {
    ...Object.fromEntries([...documented].map(([, name]) => [name, ""])),
    PATH,
    HOME,
    LANG,
    TMPDIR,
    npm_execpath,
    PORT: app,
    LOCAL_POSTGRES_PORT: postgres,
    LOCAL_REDIS_PORT: redis,
    LOCAL_MAIL_PORT: mail,
    LOCAL_STRIPE_PORT: stripe,
    LOCAL_DATA_DIR: dataDir,
    TOLLKEEPER_DIST_DIR: ".next-test",
  };
  return env as NodeJS.ProcessEnv; // Next's types make NODE_ENV obligatory; the app under test decides its own
}

async function waitForHealth(url: string, app: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + APP_START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (app.exitCode !== null) throw new Error(`The app ended while starting:\n${log()}`);
    const response = await fetch(`${url}/api/health`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`The app did not answer within ${APP_START_TIMEOUT_MS / 60_000} minutes:\n${log()}`);
}

function collectOutput(child: ChildProcess): () => string {
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return () => output;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(killer);
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
