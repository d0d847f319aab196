import { expect, it } from "vitest";
import { usageLevel } from "./usage-level";

it.each([
  [0, 3, "ok"],
  [2, 3, "ok"],
  [3, 3, "reached"],
  [4, 3, "reached"],
  [79, 100, "ok"],
  [80, 100, "near"],
  [99, 100, "near"],
  [100, 100, "reached"],
  [0, 0, "reached"],
  [1_000_000, null, "ok"],
] as const)("calls %d of %s %s", (used, limit, level) => {
  expect(usageLevel(used, limit)).toBe(level);
});
