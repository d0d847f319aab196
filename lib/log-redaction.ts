/**
 * What must not reach a log, a trace or an error report, taken out of whatever is about to: this installation's own
 * secrets word for word, everybody's keys and tokens by their shape, credentials and grants in addresses, and people's
 * mail addresses. Ids (`cus_…`, `sub_…`, ours) stay: they are what one searches by. (V15)
 */
const PATTERNS: [RegExp, string][] = [
  [/\b(?:sk|rk|whsec|re|tk)_[A-Za-z0-9_-]{4,}/g, "[key]"],
  [/\b(?:sk-|gh[opsur]_|github_pat_|GOCSPX-|ya29\.|sntrys_)[A-Za-z0-9_-]{8,}/g, "[key]"],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]"],
  [/\b\w+_secret_\w+/g, "[client secret]"],
  [/\bBearer\s+[^\s"',]+/gi, "Bearer [token]"],
  [/:\/\/[^\s/@"']+@/g, "://[credentials]@"],
  [/([?&](?:token|code|state|key|secret|signature|password|e?mail)=)[^\s&#"'<>]+/gi, "$1[redacted]"],
  [/[^\s"'<>@(),;:=/]+@[^\s"'<>@(),;:/]+\.[A-Za-z]{2,}/g, "[address]"],
  [/\b[0-9a-f]{64}\b/g, "[token]"],
];

/** Members that hold a secret whatever it looks like. */
const SECRET_NAME = /secret|token|password|authorization|cookie|api_?key|e?mail/i;

/** Shorter ones would take ordinary words out with them, and are no secrets. */
const SHORTEST_SECRET = 8;

// Next bundles this file more than once; the secrets are the same.
const SECRETS = Symbol.for("tollkeeper.log.secrets");
const state = globalThis as { [SECRETS]?: string[] };

/** Takes these out of all that is redacted from now on, whatever they look like. */
export function hideSecrets(secrets: string[]): void {
  state[SECRETS] = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // The longer first: one may be the beginning of another.
    .sort((a, b) => b.length - a.length);
}

export function redactText(text: string): string {
  const withoutOurs = (state[SECRETS] ?? []).reduce(
    (result, secret) => result.replaceAll(secret, "[secret]"),
    text,
  );
  return PATTERNS.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    withoutOurs,
  );
}

export function redactField(
  name: string,
  value: string | number | boolean | null,
): string | number | boolean | null {
  if (SECRET_NAME.test(name)) return "[redacted]";
  return typeof value === "string" ? redactText(value) : value;
}

/** A copy of plain data with every text in it redacted, at any depth. */
export function redactDeep<Value>(value: Value): Value {
  // Each branch returns the shape it was given, which the checker cannot see through a recursion.
  if (typeof value === "string") return redactText(value) as Value;
  if (Array.isArray(value)) return value.map(redactDeep) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAME.test(name) && typeof member === "string" ? "[redacted]" : redactDeep(member),
    ]),
  ) as Value;
}
