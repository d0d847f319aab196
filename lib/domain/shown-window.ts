import type { AllowanceWindow } from "./catalogue";

const SHORTEST_FIRST: AllowanceWindow[] = ["day", "month", "period", "lifetime"];

/** The one window of a meter that is shown where there is room for one: the shortest that is limited, else the shortest. */
export function shownWindow<Window extends { window: AllowanceWindow; limit: number | null }>(
  windows: readonly Window[],
): Window | null {
  const sorted = windows.toSorted(
    (a, b) => SHORTEST_FIRST.indexOf(a.window) - SHORTEST_FIRST.indexOf(b.window),
  );
  return sorted.find(({ limit }) => limit !== null) ?? sorted[0] ?? null;
}
