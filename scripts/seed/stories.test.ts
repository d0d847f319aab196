import { describe, expect, test } from "vitest";
import type { PlanTerms } from "@/lib/domain/catalogue";
import { worldDays } from "./demo-world";
import { freeAccount } from "./free-account";
import { pastDueAccount } from "./past-due-account";
import type { Cast, Offer } from "./pick-plans";
import { proAccount } from "./pro-account";
import { randomFor } from "./random";
import { daysBefore } from "./step";
import { team } from "./team";
import { momentsOfUse } from "./usage-rhythm";

const DAY_MS = 86_400_000;

function castOf(
  offer: { interval: "month" | "year"; intervalCount: number; trialDays: number | null } | null,
): Cast {
  const plan: PlanTerms = {
    planVersionId: "",
    slug: "plan",
    version: 1,
    name: "Plan",
    tagline: "",
    rank: 1,
    availability: "public",
    isPopular: false,
    billingModels: ["fixed_fee"],
    seats: 1,
    overage: [],
    trial: offer?.trialDays ? { days: offer.trialDays, requiresCard: true } : null,
    prices: [],
    allowances: [{ meter: "calls", window: "day", amount: 200, beyond: ["block"] }],
    features: {},
  };
  const bought: Offer | null = offer && {
    plan,
    price: { id: "", currency: "usd", amountMinor: 100, ...offer },
  };
  return { freePlan: plan, cheapestOffer: bought, highestOffer: bought, graceDays: 7, autoRenews: true };
}

/** Every day of two years, leap day included, at a time of its own. */
const PRESENTS = Array.from(
  { length: 731 },
  (_, day) => new Date(Date.UTC(2027, 6, 1 + day, day % 24, day % 60)),
);

describe.each([
  ["a month", { interval: "month", intervalCount: 1, trialDays: 14 }],
  ["a quarter", { interval: "month", intervalCount: 3, trialDays: 7 }],
  ["a year without a trial", { interval: "year", intervalCount: 1, trialDays: null }],
  ["nothing", null],
] as const)("in a catalogue sold by %s, on whichever day it is made", (_name, offer) => {
  const cast = castOf(offer);

  test("nobody's story begins before the world does, or ends after the present", () => {
    for (const present of PRESENTS) {
      const beginning = daysBefore(present, worldDays(cast));
      for (const story of [freeAccount, proAccount, pastDueAccount, team]) {
        for (const { at } of story(cast, present, randomFor(1, "any"))) {
          expect(at.getTime()).toBeGreaterThanOrEqual(beginning.getTime());
          expect(at.getTime()).toBeLessThanOrEqual(present.getTime());
        }
      }
    }
  });

  test("the failed renewal lies within the grace period", () => {
    if (!offer) return;
    for (const present of PRESENTS) {
      // The last look before the present is the one after the renewal failed.
      const times = pastDueAccount(cast, present, randomFor(1, "any")).map(({ at }) => at.getTime());
      const looked = Math.max(...times.filter((at) => at < present.getTime()));
      const daysAgo = (present.getTime() - looked) / DAY_MS;
      expect(daysAgo).toBeGreaterThan(0.2);
      expect(daysAgo).toBeLessThan(6);
    }
  });
});

describe("the rhythm of use", () => {
  const from = new Date("2026-08-03T00:00:00Z");
  const to = new Date("2026-10-26T00:00:00Z");
  const moments = momentsOfUse(randomFor(1, "rhythm"), from, to, 10);
  const count = (keep: (moment: Date) => boolean) => moments.filter(keep).length;

  test("is less at the weekend, most in the evening, and lets days pass", () => {
    const weekend = count((moment) => [0, 6].includes(moment.getUTCDay())) / 2;
    const weekdays = count((moment) => ![0, 6].includes(moment.getUTCDay())) / 5;
    expect(weekend).toBeLessThan(0.7 * weekdays);
    expect(count((moment) => moment.getUTCHours() >= 18)).toBeGreaterThan(
      count((moment) => moment.getUTCHours() < 12),
    );
    const days = new Set(moments.map((moment) => moment.toISOString().slice(0, 10)));
    expect(days.size).toBeLessThan(84);
    expect(days.size).toBeGreaterThan(60);
  });

  test("is the same for the same seed, another for another, and none of one story's for another", () => {
    expect(momentsOfUse(randomFor(1, "rhythm"), from, to, 10)).toEqual(moments);
    expect(momentsOfUse(randomFor(2, "rhythm"), from, to, 10)).not.toEqual(moments);
    expect(momentsOfUse(randomFor(1, "other"), from, to, 10)).not.toEqual(moments);
  });
});
