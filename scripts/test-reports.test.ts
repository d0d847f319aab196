import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPlaywrightReport, readVitestReport } from "@/scripts/test-reports";

/** Beside the repository's own folders, so that the tests in it find the packages. */
let folder: string;

beforeEach(() => {
  mkdirSync(".local", { recursive: true });
  folder = mkdtempSync(path.resolve(".local", "test-reports-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("what failed is told by", () => {
  it("Vitest: each failed test with its file and reason, and a file that does not load", () => {
    write("good.test.ts", 'import { it } from "vitest"; it("stands", () => {});');
    write(
      "bad.test.ts",
      `import { describe, expect, it } from "vitest";
       describe("sums", () => { it("add up", () => expect(1 + 1).toBe(3)); it("stand", () => {}); });`,
    );
    write("broken.test.ts", 'throw new Error("not today");');
    write("vitest.config.ts", "export default {};");
    const ok = run("vitest/vitest.mjs", "run", "--reporter=json", "--outputFile.json=report.json");

    const outcome = readVitestReport(read(), ok);
    expect(outcome).toMatchObject({ passed: 2, failed: 2, skipped: 0 });
    const [bad, broken] = outcome.failures.sort();
    expect(bad).toMatch(/^\.local\/.*bad\.test\.ts › sums add up\n {4}AssertionError: expected 2 to be 3/);
    expect(broken).toMatch(/broken\.test\.ts › did not run to its end\n {4}.*not today/);
  });

  it("Vitest: an error outside of any test counts, though every test passed", () => {
    const report = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, testResults: [] };
    expect(readVitestReport(JSON.stringify(report), false)).toMatchObject({ passed: 1, failed: 1 });
  });

  it("Playwright: what failed, and what passed only when tried again", () => {
    write(
      "some.spec.ts",
      `import { expect, test } from "@playwright/test";
       test("stands", () => {});
       test.describe("inside", () => { test("adds up", () => { expect(1 + 1).toBe(3); }); });
       test("wavers", ({}, info) => { expect(info.retry).toBe(1); });`,
    );
    write("playwright.config.ts", 'export default { testDir: ".", retries: 1, outputDir: "results" };');
    run("@playwright/test/cli.js", "test", "--reporter=json");

    const outcome = readPlaywrightReport(read());
    expect(outcome).toMatchObject({ passed: 1, failed: 2, skipped: 0 });
    const [inside, wavers] = outcome.failures.sort();
    expect(inside).toMatch(
      /^e2e\/some\.spec\.ts:3 › adds up\n {4}Error: expect\(received\)\.toBe\(expected\)/,
    );
    expect(wavers).toMatch(/^e2e\/some\.spec\.ts:4 › wavers\n/);
  });
});

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

function read(): string {
  return readFileSync(path.join(folder, "report.json"), "utf8");
}

/** Runs a tool in the folder, as a stranger to the run this test is part of; whether it was content. */
function run(tool: string, ...args: string[]): boolean {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST|NODE_ENV|PLAYWRIGHT)/.test(name)),
  );
  const { status } = spawnSync(process.execPath, [path.resolve("node_modules", tool), ...args], {
    cwd: folder,
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: "report.json" } as unknown as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  return status === 0;
}
