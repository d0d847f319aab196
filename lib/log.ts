import { AsyncLocalStorage } from "node:async_hooks";
import { redactField, redactText } from "./log-redaction";

export type LogFields = Record<string, string | number | boolean | null>;

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = Exclude<(typeof LEVELS)[number], "silent">;

/** Who else is told of errors, and what a line also says; set once at start, by whoever is configured. */
export type LogHooks = {
  /** Told of each `logError`, with the fields of the line, not yet redacted. */
  reportError?(event: string, error: unknown, fields: LogFields): void;
  /** Fields of the work under way that are known elsewhere. */
  readFields?(): LogFields;
};

// Next bundles this file more than once; what is being done is one thing all the same.
const STORAGE = Symbol.for("tollkeeper.log");
const HOOKS = Symbol.for("tollkeeper.log.hooks");
const state = globalThis as { [STORAGE]?: AsyncLocalStorage<LogFields>; [HOOKS]?: LogHooks };
state[STORAGE] ??= new AsyncLocalStorage();
const storage = state[STORAGE];

/**
 * Writes one JSON line: warnings and errors to standard error, the rest to standard output. Whatever it is given is
 * redacted on the way. `LOG_LEVEL` (debug, info, warn, error, silent; info by default) says from where on. The
 * fields are listed in docs/operations.md.
 */
export function log(level: LogLevel, event: string, fields: LogFields = {}): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(threshold())) return;
  const redacted = Object.fromEntries(
    Object.entries(withContext(fields)).map(([name, value]) => [name, redactField(name, value)]),
  );
  const line = `${JSON.stringify({ level, at: new Date().toISOString(), event, ...redacted })}\n`;
  (level === "warn" || level === "error" ? process.stderr : process.stdout).write(line);
}

/** As `log`, with what was thrown. It is reported too where error reports are switched on. */
export function logError(event: string, error: unknown, fields: LogFields = {}): void {
  const thrown: LogFields =
    error instanceof Error
      ? { error: error.name, message: redactText(error.message), stack: redactText(error.stack ?? "") }
      : { error: redactText(String(error)) };
  log("error", event, { ...fields, ...thrown });
  state[HOOKS]?.reportError?.(event, error, withContext(fields));
}

/** Every line written while `work` runs, and by what it starts, carries these fields. */
export function withLogFields<Result>(fields: LogFields, work: () => Result): Result {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

/** Adds to the fields of the work under way, once they are known. */
export function addLogFields(fields: LogFields): void {
  Object.assign(storage.getStore() ?? {}, fields);
}

/** Adds to those told of errors and asked for fields. */
export function addLogHooks(hooks: LogHooks): void {
  state[HOOKS] = { ...state[HOOKS], ...hooks };
}

function withContext(fields: LogFields): LogFields {
  return { ...state[HOOKS]?.readFields?.(), ...storage.getStore(), ...fields };
}

function threshold(): (typeof LEVELS)[number] {
  return LEVELS.find((level) => level === process.env.LOG_LEVEL) ?? "info";
}
