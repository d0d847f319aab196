/** What a part of `npm test` came to; `failures` has a text for each test that failed: where it stands, its name and why. */
export type Outcome = { passed: number; failed: number; skipped: number; failures: string[] };

/** A reason is told in so many lines: the whole of it stands further up, where it happened. */
const LINES_OF_A_REASON = 12;

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] | null }[];
  }[];
};

type PlaywrightSuite = {
  specs?: {
    file: string;
    line: number;
    title: string;
    tests: {
      status: "expected" | "unexpected" | "flaky" | "skipped";
      results: { errors?: { message?: string }[] }[];
    }[];
  }[];
  suites?: PlaywrightSuite[];
};
type PlaywrightReport = {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors?: { message?: string }[];
  suites: PlaywrightSuite[];
};

/**
 * Reads the file of Vitest's `json` reporter.
 *
 * @param json its text
 * @param ok whether Vitest itself was content; a file that does not load, or an error outside of any test,
 *   has no failed test of its own, but the run has failed
 */
export function readVitestReport(json: string, ok: boolean): Outcome {
  const report = JSON.parse(json) as VitestReport;
  const failures = report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    if (failed.length === 0 && file.status === "failed")
      return [tellFailure(file.name, "did not run to its end", file.message)];
    return failed.map((test) => tellFailure(file.name, test.fullName, test.failureMessages?.[0]));
  });
  return {
    passed: report.numPassedTests,
    failed: Math.max(report.numFailedTests, failures.length, ok ? 0 : 1),
    skipped: report.numPendingTests,
    failures,
  };
}

/** Reads the file of Playwright's `json` reporter. What failed once and passed when tried again counts as failed. */
export function readPlaywrightReport(json: string): Outcome {
  const report = JSON.parse(json) as PlaywrightReport;
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failures = [
    ...(report.errors ?? []).map(({ message }) => tellFailure("e2e", "outside of any test", message)),
    ...report.suites.flatMap(failuresIn),
  ];
  return { passed: expected, failed: Math.max(unexpected + flaky, failures.length), skipped, failures };
}

function failuresIn(suite: PlaywrightSuite): string[] {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ results }) =>
        tellFailure(
          `e2e/${spec.file}:${spec.line}`,
          spec.title,
          results.flatMap(({ errors }) => errors ?? [])[0]?.message,
        ),
      ),
  );
  return [...own, ...(suite.suites ?? []).flatMap(failuresIn)];
}

function tellFailure(place: string, name: string, reason = "no reason was given"): string {
  const lines = withoutColours(reason).trimEnd().split("\n");
  const told = lines.slice(0, LINES_OF_A_REASON);
  if (told.length < lines.length) told.push("…");
  return [`${place.replace(`${process.cwd()}/`, "")} › ${name}`, ...told.map((line) => `    ${line}`)].join(
    "\n",
  );
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with one.
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
