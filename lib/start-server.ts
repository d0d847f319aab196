import { setClockOffset } from "@/lib/clock";
import { envResult, secretsOf } from "@/lib/env";
import { logConsole } from "@/lib/log-console";
import { hideSecrets } from "@/lib/log-redaction";
import { readClockOffset } from "@/lib/read-clock-offset";
import { startTelemetry } from "@/lib/telemetry/start-telemetry";

/** Set by platforms that start a process per request: refusing to start would be a crash loop without a word. */
const SERVERLESS_VARIABLES = ["VERCEL", "NETLIFY", "AWS_LAMBDA_FUNCTION_NAME", "CF_PAGES"];

/**
 * What has to be true before the first request: the configuration is whole, its secrets are known to the log, traces
 * and error reports run if they are configured, and in local mode our clock shows the local Stripe's time. A server with a missing variable does not start; a serverless one answers 503
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
  hideSecrets(secretsOf(result.env));
  // In development a person reads the terminal.
  if (process.env.NODE_ENV === "production") logConsole();
  await startTelemetry(result.env.observability);
  setClockOffset(await readClockOffset(result.env));
}
