import * as Sentry from "@sentry/node-core/light";
import { addLogHooks } from "@/lib/log";
import { redactDeep } from "@/lib/log-redaction";

const FLUSH_MS = 2_000;

/**
 * Reports to Sentry what `logError` logs, with the fields of its line and redacted like it. An outage of Stripe, the
 * database or the AI provider is expected and not reported: it is in the log, and /api/ready names it. Sentry listens
 * to nothing by itself: no console, no requests, no local variables. Answers how to send what is still here.
 */
export function startErrorReports(dsn: string): () => Promise<void> {
  Sentry.initWithoutDefaultIntegrations({
    dsn,
    integrations: [Sentry.linkedErrorsIntegration(), Sentry.contextLinesIntegration()],
    sendClientReports: false,
    sendDefaultPii: false,
    tracesSampleRate: 0,
    beforeSend: (event) => redactDeep(event),
  });
  addLogHooks({
    reportError(event, error, fields) {
      if (event.endsWith("_unavailable")) return;
      const { request_id, ...extra } = fields;
      Sentry.captureException(error, {
        tags: { event, ...(request_id ? { request_id } : {}) },
        extra,
      });
    },
  });
  return async () => {
    await Sentry.close(FLUSH_MS);
  };
}
