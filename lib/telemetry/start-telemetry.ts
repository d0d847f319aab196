import type { Env } from "@/lib/env";
import { beforeProcessExit } from "./before-process-exit";

/**
 * Switches on what is configured: traces to an OTLP collector, unexpected errors to Sentry. What is not configured is
 * not even loaded. docs/operations.md
 */
export async function startTelemetry(env: Env["observability"]): Promise<void> {
  const flushes: (() => Promise<void>)[] = [];
  if (env.otlpEndpoint) {
    const { startTracing } = await import("./tracing");
    flushes.push(startTracing(env.otlpEndpoint));
  }
  if (env.sentryDsn) {
    const { startErrorReports } = await import("./error-reports");
    flushes.push(startErrorReports(env.sentryDsn));
  }
  if (flushes.length > 0) beforeProcessExit(() => Promise.all(flushes.map((flush) => flush())));
}
