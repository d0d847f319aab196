/**
 * Counts what must not go unseen, above all every fallback (R15): in this process, since it started. Nothing is sent
 * anywhere; the admin pages and /api/ready show it.
 */
export type MetricName =
  | "slow_queries"
  | "plain_use_failures"
  | "rate_limiter_fallbacks"
  | "reconciliation_drifts"
  | "edge_failures"
  | "edge_breaker_opens"
  | "edge_announcements_dropped";
export type MetricLabels = Record<string, string>;
export type Metric = { name: MetricName; labels: MetricLabels; count: number; firstAt: Date; lastAt: Date };

/** Labels are for kinds, never for ids; beyond this many series new ones are counted without their labels. */
const MOST_SERIES = 500;

// Next bundles this file more than once; a process counts once.
const REGISTRY = Symbol.for("tollkeeper.metrics");
const state = globalThis as { [REGISTRY]?: Map<string, Metric> };
state[REGISTRY] ??= new Map();
const registry = state[REGISTRY];

/** One more of these. By the wall clock. */
export function incrementMetric(name: MetricName, labels: MetricLabels = {}): void {
  const now = new Date();
  let key = seriesKey(name, labels);
  let kept = labels;
  if (!registry.has(key) && registry.size >= MOST_SERIES) {
    key = seriesKey(name, {});
    kept = {};
  }
  const metric = registry.get(key) ?? { name, labels: kept, count: 0, firstAt: now, lastAt: now };
  registry.set(key, { ...metric, count: metric.count + 1, lastAt: now });
}

/** Everything counted so far, by name. */
export function readMetrics(): Metric[] {
  return [...registry.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, metric]) => metric);
}

function seriesKey(name: MetricName, labels: MetricLabels): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
