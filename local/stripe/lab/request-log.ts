/** One call to `/v1` and how it was answered. */
export type LoggedRequest = {
  /** Counts up from 1; the way to page. */
  number: number;
  /** The `Request-Id` it was answered with. */
  id: string;
  /** Business time in unix seconds. */
  at: number;
  method: string;
  path: string;
  /** The parameters, card numbers and secrets taken out. */
  params: string;
  /** Null when the connection was dropped without an answer. */
  status: number | null;
  durationMs: number;
  idempotencyKey: string | null;
  isReplayed: boolean;
  error: { type: string; code: string | null; param: string | null; message: string } | null;
};

/** The latest requests, oldest first. Kept in memory only. */
export type RequestLog = { entries: LoggedRequest[]; count: number };

const MAX_ENTRIES = 1000;
const MAX_PARAMS_LENGTH = 4000;

export function createRequestLog(): RequestLog {
  return { entries: [], count: 0 };
}

/** Remembers a request; a card number is gone before anything is kept. */
export function logRequest(log: RequestLog, request: Omit<LoggedRequest, "number">): void {
  log.count += 1;
  const { error } = request;
  log.entries.push({
    ...request,
    number: log.count,
    path: withoutNumbers(request.path),
    params: withoutSecrets(request.params).slice(0, MAX_PARAMS_LENGTH),
    error: error && { ...error, message: withoutNumbers(error.message) },
  });
  if (log.entries.length > MAX_ENTRIES) log.entries.shift();
}

/** A form with what nobody may keep replaced: by its name, or because it looks like a card number. */
function withoutSecrets(form: string): string {
  return [...new URLSearchParams(form)]
    .map(([name, value]) =>
      /\[?(number|cvc|client_secret|secret)\]?$/.test(name)
        ? `${name}=(left out)`
        : `${name}=${withoutNumbers(value)}`,
    )
    .join("\n");
}

/** Whatever could be a card number: 12 to 19 digits, spaced or not. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(/(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g, "(left out)");
}
