import type { CountedWindow } from "./counted-window";

/**
 * A window with what is used up of its limit and what open holds keep for calls that still run. `beyond` are further
 * units, which credits or overage paid. A member's own window names the member.
 */
export type WindowUse = CountedWindow & {
  used: number;
  held: number;
  beyond: number;
  userId?: string | null;
};

/** Of the windows without room for `quantity`, the one that stays closed longest. Null = there is room in all. */
export function findExhaustedWindow(
  windows: WindowUse[],
  quantity: number,
): (WindowUse & { limit: number }) | null {
  return windows
    .flatMap((window) => (window.limit === null ? [] : [{ ...window, limit: window.limit }]))
    .filter((window) => window.used + window.held + quantity > window.limit)
    .reduce<(WindowUse & { limit: number }) | null>(
      (last, window) => (last && last.end >= window.end ? last : window),
      null,
    );
}
