import { setClockOffset } from "@/lib/clock";
import { envResult } from "@/lib/env";
import { readClockOffset } from "@/lib/read-clock-offset";

/** Set by platforms that start a process per request: refusing to start would be a crash loop without a word. */
const SERVERLESS_VARIABLES = ["VERCEL", "NETLIFY", "AWS_LAMBDA_FUNCTION_NAME", "CF_PAGES"];

/**
 * What has to be true before the first request: the configuration is whole, and in local mode our clock shows
 * the local Stripe's time. A server with a missing variable does not start; a serverless one answers 503
 * everywhere but on /setup.
 */
export async function startServer(): Promise<void> {
  const result = envResult();
  if (!result.ok) {
    process.stderr.write(
      `Tollkeeper cannot start:\n${result.problems.map((problem) => `  - ${problem}`).join("\n")}\n`,
    );
    if (!SERVERLESS_VARIABLES.some((name) => process.env[name])) process.exit(1);
    return;
  }
  setClockOffset(await readClockOffset(result.env));
}
