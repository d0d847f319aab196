import { describe, expect, test } from "vitest";
import { incrementMetric, type MetricLabels, readMetrics } from "./metrics";

const countOf = (labels: MetricLabels) =>
  readMetrics().find(
    (metric) =>
      metric.name === "rate_limiter_fallbacks" && JSON.stringify(metric.labels) === JSON.stringify(labels),
  )?.count ?? 0;

describe("metrics", () => {
  test("count each name and labels apart, and the order of labels makes no difference", () => {
    incrementMetric("rate_limiter_fallbacks", { reason: "slow", rule: "sign_in" });
    incrementMetric("rate_limiter_fallbacks", { rule: "sign_in", reason: "slow" });
    incrementMetric("rate_limiter_fallbacks", { reason: "refused" });
    expect(countOf({ reason: "slow", rule: "sign_in" })).toBe(2);
    expect(countOf({ reason: "refused" })).toBe(1);
    expect(countOf({})).toBe(0);
  });

  test("say since when and until when", () => {
    const before = Date.now();
    incrementMetric("slow_queries");
    const metric = readMetrics().find(({ name }) => name === "slow_queries");
    expect(metric?.firstAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(metric?.lastAt.getTime()).toBeGreaterThanOrEqual(metric?.firstAt.getTime() ?? Infinity);
  });

  test("stay few whatever labels come: beyond 500 series the labels are dropped, the counts are not", () => {
    for (let index = 0; index < 700; index += 1) {
      incrementMetric("rate_limiter_fallbacks", { reason: `id-${index}` });
    }
    expect(readMetrics().length).toBeLessThanOrEqual(502);
    expect(countOf({})).toBeGreaterThanOrEqual(190);
    incrementMetric("rate_limiter_fallbacks", { reason: "refused" });
    expect(countOf({ reason: "refused" })).toBe(2);
  });
});
