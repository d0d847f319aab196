import { describe, expect, test } from "vitest";
import { deriveAccess, GRANTING_STATUSES, grantsPlan } from "./access";

const POLICY = { graceDays: 7, afterEnd: "limited" } as const;
const FAILED = new Date("2026-03-01T10:00:00Z");
const at = (text: string) => new Date(text);

describe("access is derived from Stripe's facts and our clock (K-14, K-15, K-16)", () => {
  test.each([
    ["trialing", "full"],
    ["active", "full"],
    ["past_due", "grace"],
    ["incomplete", "limited"],
    ["incomplete_expired", "limited"],
    ["unpaid", "limited"],
    ["paused", "limited"],
    ["canceled", "limited"],
    ["a status Stripe invents tomorrow", "limited"],
  ])("%s gives %s", (status, access) => {
    expect(deriveAccess({ status, firstFailedAt: null }, POLICY, FAILED)).toBe(access);
    expect(grantsPlan(deriveAccess({ status, firstFailedAt: null }, POLICY, FAILED))).toBe(
      GRANTING_STATUSES.some((granting) => granting === status),
    );
  });

  test.each([
    ["at the first failed attempt", "2026-03-01T10:00:00Z", "grace"],
    ["in the last millisecond of day seven", "2026-03-08T09:59:59.999Z", "grace"],
    ["from the deadline on", "2026-03-08T10:00:00Z", "limited"],
  ])("past due %s: %s gives %s (S0-101, S0-119)", (_when, now, access) => {
    expect(deriveAccess({ status: "past_due", firstFailedAt: FAILED }, POLICY, at(now))).toBe(access);
  });

  test("a policy without grace limits access at once; one without a free plan leaves nothing after the end", () => {
    const policy = { graceDays: 0, afterEnd: "none" } as const;
    expect(deriveAccess({ status: "past_due", firstFailedAt: FAILED }, policy, FAILED)).toBe("limited");
    expect(deriveAccess({ status: "canceled", firstFailedAt: FAILED }, policy, FAILED)).toBe("none");
    expect(deriveAccess(null, policy, FAILED)).toBe("none");
  });
});
