import { setClockOffset } from "@/lib/clock";
import { envResult } from "@/lib/env";

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
  const { local, stripe } = result.env;
  if (local && stripe.localUrl) setClockOffset(await readLocalClock(stripe.localUrl, stripe.secretKey));
}

/** Zero when the local Stripe is not up yet: it pushes its clock when it is. */
async function readLocalClock(localUrl: string, key: string): Promise<number> {
  try {
    const response = await fetch(`${localUrl}/lab/clock`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(2_000),
    });
    const { offset_ms: offsetMs } = (await response.json()) as { offset_ms?: number };
    return typeof offsetMs === "number" ? offsetMs : 0;
  } catch {
    return 0;
  }
}
