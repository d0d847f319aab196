import { redactText } from "@/lib/log-redaction";

export const SYSTEM_KEYS = [
  "postgres",
  "stripe",
  "catalogue",
  "redis",
  "mail",
  "ai_provider",
  "scheduler",
  "sign_in",
] as const;
export type SystemKey = (typeof SYSTEM_KEYS)[number];

export type Finding = {
  /** `attention` = works, but not as it should. `off` = optional and not configured. */
  state: "works" | "attention" | "failed" | "off";
  /** What is so, and what to do about it where there is something to do. Never a secret. */
  summary: string;
  facts: { term: string; detail: string }[];
};

export type SystemCheck = Finding & {
  /** Null when nobody was asked. */
  latencyMs: number | null;
  /** By the wall clock. */
  checkedAt: Date;
};

export const CHECK_TIMEOUT_MS = 3_000;

/** Asks one system now. Answers within three seconds whatever the system does, and never throws. */
export async function runCheck(
  unreachable: string,
  work: (signal: AbortSignal) => Promise<Finding>,
): Promise<SystemCheck> {
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const finding = await Promise.race([work(signal), rejectWhenAborted(signal)]).catch(
    (error: unknown): Finding => ({
      state: "failed",
      summary: unreachable,
      facts: [{ term: "Said", detail: describeError(error) }],
    }),
  );
  return { ...finding, latencyMs: Math.round(performance.now() - startedAt), checkedAt: new Date() };
}

/** What is known without asking anybody. */
export function withoutAsking(finding: Finding): SystemCheck {
  return { ...finding, latencyMs: null, checkedAt: new Date() };
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () =>
      reject(new Error(`no answer within ${CHECK_TIMEOUT_MS / 1000} s`)),
    );
  });
}

/** One line of it, with every secret taken out. */
function describeError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message || cause.name : String(cause);
  const line = message.split("\n").findLast((text) => text.trim() !== "") ?? message;
  return redactText(line).trim().slice(0, 200);
}
