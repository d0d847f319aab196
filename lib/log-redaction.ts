/**
 * What must not reach a log, taken out of whatever is about to: keys, tokens, client secrets, credentials in
 * addresses, and people's mail addresses. Ids (`cus_…`, `sub_…`, ours) stay: they are what one searches by. (V15)
 */
const PATTERNS: [RegExp, string][] = [
  [/\b(?:sk|rk|whsec|re|tk)_[A-Za-z0-9_-]{4,}/g, "[key]"],
  [/\b\w+_secret_\w+/g, "[client secret]"],
  [/\bBearer\s+[^\s"',]+/gi, "Bearer [token]"],
  [/:\/\/[^\s/@"']+@/g, "://[credentials]@"],
  [/[^\s"'<>@(),;:=]+@[^\s"'<>@(),;:]+\.[A-Za-z]{2,}/g, "[address]"],
  [/\b[0-9a-f]{64}\b/g, "[token]"],
];

/** Members that hold a secret whatever it looks like. */
const SECRET_NAME = /secret|token|password|authorization|cookie|api_?key|e?mail/i;

export function redactText(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

export function redactField(
  name: string,
  value: string | number | boolean | null,
): string | number | boolean | null {
  if (SECRET_NAME.test(name)) return "[redacted]";
  return typeof value === "string" ? redactText(value) : value;
}
