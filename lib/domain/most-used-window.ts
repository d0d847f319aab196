import type { WindowUse } from "./limit-reached";

/**
 * Of everything a plan limits, the window that is fullest: the one number worth showing everywhere. Open holds count
 * as used, and what a plan does not include at all is not used. A tie goes to what the catalogue names first; null
 * where nothing is limited. (S0-58)
 */
export function mostUsedWindow<M>(
  meters: { meter: M; windows: WindowUse[] }[],
): { meter: M; window: WindowUse & { limit: number } } | null {
  let fullest: { meter: M; window: WindowUse & { limit: number }; share: number } | null = null;
  for (const { meter, windows } of meters) {
    for (const window of windows) {
      const { limit } = window;
      if (limit === null || limit === 0) continue;
      const share = (window.used + window.held) / limit;
      if (!fullest || share > fullest.share) fullest = { meter, window: { ...window, limit }, share };
    }
  }
  return fullest && { meter: fullest.meter, window: fullest.window };
}
