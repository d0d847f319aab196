/**
 * Writes one JSON line to standard error. Fields must not carry secrets, addresses or message texts.
 * `LOG_LEVEL=silent` keeps it quiet, for tests that provoke errors.
 */
export function logError(
  event: string,
  error: unknown,
  fields: Record<string, string | number | null> = {},
): void {
  if (process.env.LOG_LEVEL === "silent") return;
  const cause =
    error instanceof Error
      ? { error: error.name, message: error.message, stack: error.stack }
      : { error: String(error) };
  process.stderr.write(
    `${JSON.stringify({ level: "error", at: new Date().toISOString(), event, ...fields, ...cause })}\n`,
  );
}
