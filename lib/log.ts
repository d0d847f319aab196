import { AsyncLocalStorage } from "node:async_hooks";
import { redactField, redactText } from "./log-redaction";

export type LogFields = Record<string, string | number | boolean | null>;

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
type Level = Exclude<(typeof LEVELS)[number], "silent">;

// Next bundles this file more than once; what is being done is one thing all the same.
const STORAGE = Symbol.for("tollkeeper.log");
const state = globalThis as { [STORAGE]?: AsyncLocalStorage<LogFields> };
state[STORAGE] ??= new AsyncLocalStorage();
const storage = state[STORAGE];

/**
 * Writes one JSON line: warnings and errors to standard error, the rest to standard output. Whatever it is given is
 * redacted on the way. `LOG_LEVEL` (debug, info, warn, error, silent; info by default) says from where on.
 */
export function log(level: Level, event: string, fields: LogFields = {}): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(threshold())) return;
  const entries = Object.entries({ ...storage.getStore(), ...fields });
  const redacted = Object.fromEntries(entries.map(([name, value]) => [name, redactField(name, value)]));
  const line = `${JSON.stringify({ level, at: new Date().toISOString(), event, ...redacted })}\n`;
  (level === "warn" || level === "error" ? process.stderr : process.stdout).write(line);
}

/** As `log`, with what was thrown. */
export function logError(event: string, error: unknown, fields: LogFields = {}): void {
  const thrown: LogFields =
    error instanceof Error
      ? { error: error.name, message: redactText(error.message), stack: redactText(error.stack ?? "") }
      : { error: redactText(String(error)) };
  log("error", event, { ...fields, ...thrown });
}

/** Every line written while `work` runs, and by what it starts, carries these fields. */
export function withLogFields<Result>(fields: LogFields, work: () => Result): Result {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

/** Adds to the fields of the work under way, once they are known. */
export function addLogFields(fields: LogFields): void {
  Object.assign(storage.getStore() ?? {}, fields);
}

function threshold(): (typeof LEVELS)[number] {
  return LEVELS.find((level) => level === process.env.LOG_LEVEL) ?? "info";
}
