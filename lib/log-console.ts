import { formatWithOptions } from "node:util";
import { type LogLevel, log } from "./log";

const LEVEL_OF = { log: "info", info: "info", warn: "warn", error: "error", debug: "debug" } as const;

/**
 * Sends what Next and the libraries write to the console through the log, so that it is JSON and redacted like the
 * rest: an error that a page throws is printed by Next itself, message and all.
 */
export function logConsole(): void {
  for (const [method, level] of Object.entries(LEVEL_OF) as [keyof typeof LEVEL_OF, LogLevel][]) {
    console[method] = (...values: unknown[]) => {
      log(level, "console", { text: formatWithOptions({ colors: false }, ...values).trim() });
    };
  }
}
