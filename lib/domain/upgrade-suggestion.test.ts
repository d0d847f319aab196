import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import type { Allowance, AllowanceWindow, PlanTerms } from "./catalogue";
import type { WindowUse } from "./limit-reached";
import { intervalMonths } from "./money";
import { suggestUpgrade, type UpgradeQuestion, type UpgradeSuggestion } from "./upgrade-suggestion";

const NOON = new Date("2026-04-16T12:00:00Z");
/** Half of the month has passed. */
const HALF = new Date("2026-04-16T00:00:00Z");
const SPANS: Record<AllowanceWindow, [string, string]> = {
  day: ["2026-04-16", "2026-04-17"],
  month: ["2026-04-01", "2026-05-01"],
  period: ["2026-04-01", "2026-05-01"],
  lifetime: ["1970-01-01", "9999-01-01"],
};

function used(window: AllowanceWindow, units: number): WindowUse {
  const [start, end] = SPANS[window];
  return { window, start: new Date(start), end: new Date(end), limit: null, used: units, held: 0, beyond: 0 };
}

/** What a customer of a preset's plan asks who used so much and was refused one more. */
function question(
  preset: string,
  slug: string,
  use: [meter: string, ...windows: WindowUse[]],
): UpgradeQuestion {
  const catalogue = readPreset(preset);
  const plans = termsOf(preset);
  const plan = plans.find((entry) => entry.slug === slug);
  if (!plan) throw new Error(`there is no plan ${slug}`);
  const [meter, ...windows] = use;
  return {
    plans,
    creditPacks: catalogue.creditPacks.map((pack) => ({ ...pack, currency: catalogue.currency })),
    meters: catalogue.meters.map(({ key, creditsPerUnit = null }) => ({ key, creditsPerUnit })),
    current: { ...plan, price: plan.prices[0] ?? null },
    currency: catalogue.currency,
    seatsTaken: 1,
    overageCapMinor: catalogue.policy.overageCapMinor,
    uses: [{ meter, asked: 1, windows }],
    isRefused: true,
    now: NOON,
  };
}

function termsOf(preset: string): PlanTerms[] {
  const { plans, currency } = readPreset(preset);
  return plans.map(({ source, ...plan }, rank) => ({
    ...plan,
    planVersionId: plan.slug,
    version: 1,
    rank,
    isPopular: plan.isPopular ?? false,
    billingModels: plan.billingModels ?? ["fixed_fee"],
    seats: plan.seats === undefined ? 1 : plan.seats,
    overage: plan.overage ?? [],
    trial: plan.trial ?? null,
    prices: plan.prices.map((price, index) => ({ currency, ...price, id: `${plan.slug}-${index}` })),
  }));
}

function told(suggestion: UpgradeSuggestion | null) {
  if (!suggestion) return null;
  const { coversUse, saving } = suggestion;
  const name = suggestion.kind === "upgrade" ? suggestion.plan : suggestion.creditPack;
  return [name, coversUse, saving?.minorPerMonth ?? null, saving?.against ?? null];
}

describe("community: requests a day, billed by the quarter, token packages beside (S1-05..S1-19)", () => {
  const ask = (slug: string, perDay: number) =>
    question("community", slug, ["ai_requests", used("day", perDay)]);

  test("without packages, the plan that a day like this one needs", () => {
    const without = (slug: string, units: number) =>
      told(suggestUpgrade({ ...ask(slug, units), creditPacks: [] }));
    expect(without("explorer", 3)).toEqual(["community-pro", true, 1700, "Pro Learn"]);
    expect(without("explorer", 100)).toEqual(["community-pro", true, 1700, "Pro Learn"]);
    expect(without("explorer", 101)).toEqual(["pro-learn", true, null, null]);
    expect(without("community-pro", 200)).toEqual(["pro-learn", true, null, null]);
  });

  test("where no plan covers it, the next higher price, and nothing at the top (S3-17, S3-46)", () => {
    expect(told(suggestUpgrade({ ...ask("explorer", 300), creditPacks: [] }))).toEqual([
      "community-pro",
      false,
      null,
      null,
    ]);
    expect(suggestUpgrade({ ...ask("pro-learn", 500), creditPacks: [] })).toBeNull();
    expect(suggestUpgrade({ ...ask("creator", 1000), creditPacks: [] })).toBeNull();
  });

  test("a package where it is cheaper than the step to the next plan, and what that saves", () => {
    expect(suggestUpgrade(ask("explorer", 3))).toEqual({
      kind: "credit_pack",
      creditPack: "starter",
      name: "Starter",
      credits: 100_000,
      currency: "usd",
      amountMinor: 500,
      coversUse: true,
      saving: { minorPerMonth: 1300, against: "Community Pro" },
    });
    // $18 and $5 against $35.
    expect(told(suggestUpgrade(ask("community-pro", 200)))).toEqual(["starter", true, 1200, "Pro Learn"]);
    expect(told(suggestUpgrade(ask("pro-learn", 500)))).toEqual(["starter", true, null, null]);
  });

  test("a package must hold a month of such days, one that is too small is passed over", () => {
    const small = { slug: "small", name: "Small", currency: "usd", amountMinor: 100 };
    // Six a day are three too many, in 31 days.
    const withPack = (credits: number) =>
      told(suggestUpgrade({ ...ask("explorer", 3), creditPacks: [{ ...small, credits }] }))?.[0];
    expect(withPack(93)).toBe("small");
    expect(withPack(92)).toBe("community-pro");
  });

  test("a package is no way on for what credits do not pay", () => {
    const projects = question("community", "explorer", ["projects", used("lifetime", 10)]);
    expect(told(suggestUpgrade(projects))).toEqual(["community-pro", true, 1700, "Pro Learn"]);
    const meters = [{ key: "ai_requests", creditsPerUnit: null }];
    expect(told(suggestUpgrade({ ...ask("explorer", 3), meters }))?.[0]).toBe("community-pro");
  });

  test("the next higher price is never one that is lower than what is paid", () => {
    const asked = { ...ask("pro-learn", 500), creditPacks: [] };
    const [explorer, pro] = asked.plans;
    if (!explorer || !pro) throw new Error("community has both");
    const more = pro.allowances.map((entry) => ({ ...entry, amount: entry.amount && 501 }));
    const costing = (amountMinor: number) => [
      { ...pro, allowances: more, prices: pro.prices.map((price) => ({ ...price, amountMinor })) },
    ];
    expect(suggestUpgrade({ ...asked, plans: costing(10_500) })).toBeNull();
    expect(suggestUpgrade({ ...asked, plans: costing(10_501) })).toMatchObject({
      plan: pro.slug,
      coversUse: false,
    });
  });

  test("what no plan includes has no way on", () => {
    expect(suggestUpgrade(question("community", "explorer", ["images", used("day", 0)]))).toBeNull();
  });

  test("another currency than the customer's is never suggested", () => {
    expect(suggestUpgrade({ ...ask("explorer", 3), currency: "eur" })).toBeNull();
    const [, pro] = termsOf("community");
    const inEuro = {
      id: "eur",
      interval: "month",
      intervalCount: 1,
      currency: "eur",
      amountMinor: 9900,
    } as const;
    const plans = pro ? [{ ...pro, prices: [...pro.prices, inEuro] }] : [];
    expect(suggestUpgrade({ ...ask("explorer", 3), plans, currency: "eur" })).toMatchObject({
      price: inEuro,
    });
  });
});

describe("learning: requests a day and a month, by the month or the year (S0-61, S0-62, S0-63)", () => {
  const ask = (slug: string, inDay: number, inMonth: number) =>
    question("learning", slug, ["ai_requests", used("day", inDay), used("month", inMonth)]);

  test("the year is the cheaper month", () => {
    expect(suggestUpgrade(ask("free", 3, 20))).toMatchObject({
      kind: "upgrade",
      plan: "premium",
      price: { interval: "year", amountMinor: 19999 },
      coversUse: true,
      saving: { minorPerMonth: 2500, against: "Enterprise" },
    });
  });

  test("every window must cover, not only the one that ran out", () => {
    expect(told(suggestUpgrade({ ...ask("free", 3, 500), now: HALF }))?.[0]).toBe("premium");
    expect(told(suggestUpgrade({ ...ask("free", 3, 501), now: HALF }))?.[0]).toBe("enterprise");
    expect(told(suggestUpgrade(ask("free", 26, 26)))?.[0]).toBe("enterprise");
  });

  test("from Premium to Enterprise, from there nowhere", () => {
    expect(told(suggestUpgrade(ask("premium", 50, 100)))?.[0]).toBe("enterprise");
    expect(suggestUpgrade(ask("enterprise", 200, 2000))).toBeNull();
  });

  test("whoever has enough is not led to a smaller plan that would do", () => {
    expect(suggestUpgrade({ ...ask("enterprise", 5, 50), isRefused: false })).toBeNull();
  });

  test("of two plans that cost the same a month it is the lower one", () => {
    const asked = ask("free", 3, 20);
    const costing = (amountMinor: number) =>
      asked.plans.map((plan) => ({
        ...plan,
        prices: plan.prices.map((price) => (plan.slug === "premium" ? { ...price, amountMinor } : price)),
      }));
    // 499.99 a year for Enterprise, and the same for Premium, or a cent more.
    expect(told(suggestUpgrade({ ...asked, plans: costing(49_999) }))).toEqual(["premium", true, null, null]);
    expect(told(suggestUpgrade({ ...asked, plans: costing(50_000) }))?.[0]).toBe("enterprise");
  });

  test("who pays for a year is led to the next plan, not to another interval of the same", () => {
    const yearly = ask("premium", 50, 100);
    const price = yearly.plans[1]?.prices[1] ?? null;
    expect(told(suggestUpgrade({ ...yearly, current: { ...yearly.current, price } }))?.[0]).toBe(
      "enterprise",
    );
  });
});

describe("ticketing: overage is a part of the cost (S2-05..S2-16)", () => {
  /** So many tickets by half of the month: twice as many at its end. */
  const ask = (slug: string, tickets: number) => ({
    ...question("ticketing", slug, ["tickets", used("period", tickets)]),
    now: HALF,
  });

  test("Premium with overage stays cheaper than Enterprise until the overage costs the difference", () => {
    expect(told(suggestUpgrade(ask("free", 50)))).toEqual(["premium", true, 40_000, "Enterprise"]);
    // 199.00 and 50 × 1.99 against 599.00.
    expect(told(suggestUpgrade(ask("free", 75)))).toEqual(["premium", true, 30_050, "Enterprise"]);
    expect(told(suggestUpgrade(ask("free", 150)))).toEqual(["premium", true, 200, "Enterprise"]);
    expect(told(suggestUpgrade(ask("free", 151)))).toEqual(["enterprise", true, 198, "Premium"]);
  });

  test("overage counts as far as the cap on it", () => {
    expect(told(suggestUpgrade({ ...ask("free", 75), overageCapMinor: 9950 }))?.[0]).toBe("premium");
    expect(told(suggestUpgrade({ ...ask("free", 75), overageCapMinor: 9949 }))?.[0]).toBe("enterprise");
  });

  test("whoever is not refused stays while that is cheapest, and is told what a change saves", () => {
    const stay = (tickets: number) => suggestUpgrade({ ...ask("premium", tickets), isRefused: false });
    expect(stay(40)).toBeNull();
    expect(stay(149)).toBeNull();
    expect(told(stay(151))).toEqual(["enterprise", true, 198, "Premium"]);
  });

  test("whoever is refused is not told to stay", () => {
    expect(told(suggestUpgrade(ask("premium", 60)))?.[0]).toBe("enterprise");
    expect(suggestUpgrade(ask("enterprise", 400))).toBeNull();
  });

  test("tiers price all units by the last of them, for every month of a year", () => {
    const [free, premium] = termsOf("ticketing");
    if (!free || !premium) throw new Error("ticketing has both");
    const tiers = [
      { upTo: 10, unitAmountMinor: 500 },
      { upTo: null, unitAmountMinor: 100 },
    ];
    const allowances: Allowance[] = [
      { meter: "tickets", window: "month", amount: 100, beyond: ["overage", "block"] },
      { meter: "agent_interactions", window: "period", amount: null, beyond: ["block"] },
    ];
    const yearly = {
      id: "y",
      interval: "year",
      intervalCount: 1,
      currency: "usd",
      amountMinor: 120_000,
    } as const;
    const plans = [
      {
        ...premium,
        slug: "tiered",
        name: "Tiered",
        allowances,
        overage: [{ meter: "tickets", tiers }],
        prices: [yearly],
      },
      { ...premium, allowances: allowances.map((entry) => ({ ...entry, amount: null })) },
    ];
    const at = (tickets: number) =>
      told(
        suggestUpgrade({
          ...ask("free", tickets),
          plans,
          overageCapMinor: 1_000_000,
          current: { ...free, price: null },
        }),
      );
    // 100.00 a month and ten units at 5.00, or twelve at 1.00.
    expect(at(55)).toEqual(["tiered", true, 4900, "Premium"]);
    expect(at(56)).toEqual(["tiered", true, 8700, "Premium"]);
  });
});

describe("team-tokens: seats, and meters beside the one that ran out (S3-36)", () => {
  const ask = (slug: string, tokens: number) => ({
    ...question("team-tokens", slug, ["llm_tokens", used("period", tokens)]),
    now: HALF,
  });

  test.each([
    [2, "basic"],
    [10, "basic"],
    [11, "business"],
    [50, "business"],
    [51, null],
  ])("a team of %i is led to %s", (seatsTaken, slug) => {
    expect(told(suggestUpgrade({ ...ask("free", 10_000), seatsTaken }))?.[0] ?? null).toBe(slug);
  });

  test("a first hour does not frighten anybody into the largest plan", () => {
    const now = new Date("2026-04-01T01:00:00Z");
    expect(told(suggestUpgrade({ ...ask("free", 9_999), now }))).toEqual(["basic", true, 9000, "Business"]);
  });

  test("a cheaper plan that includes less of another meter is not suggested", () => {
    const asked = ask("basic", 100_000);
    const [, basic] = asked.plans;
    if (!basic) throw new Error("team-tokens has it");
    const writer = {
      ...basic,
      slug: "writer",
      name: "Writer",
      prices: basic.prices.map((price) => ({ ...price, amountMinor: 100 })),
      allowances: [
        { meter: "llm_tokens", window: "period", amount: null, beyond: ["block"] } satisfies Allowance,
      ],
    };
    expect(told(suggestUpgrade({ ...asked, plans: [...asked.plans, writer] }))?.[0]).toBe("business");
    expect(told(suggestUpgrade({ ...ask("free", 10_000), plans: [writer] }))).toBeNull();
  });
});

test("directory: where nothing is counted, nothing runs out (S4-15)", () => {
  const asked = question("directory", "free", ["none"]);
  expect(suggestUpgrade({ ...asked, uses: [], isRefused: false })).toBeNull();
});

describe("for any plans on sale", () => {
  const price = fc.record({
    id: fc.constant("p"),
    interval: fc.constantFrom("month" as const, "year" as const),
    intervalCount: fc.constantFrom(1, 3),
    currency: fc.constantFrom("usd", "eur"),
    // Few enough that two of them often come to the same a month.
    amountMinor: fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(100, 300, 1200, 3600)),
  });
  const plan = fc.record({
    availability: fc.constantFrom("public" as const, "public" as const, "invite" as const, "hidden" as const),
    seats: fc.constantFrom(null, 1, 5),
    prices: fc.array(price, { maxLength: 3 }),
    amount: fc.constantFrom(0, 10, 20, 50, null),
  });
  const plans = fc.array(plan, { minLength: 1, maxLength: 6 }).map((drawn) =>
    drawn.map(({ amount, ...entry }, rank): PlanTerms => {
      const allowances: Allowance[] = [{ meter: "m", window: "day", amount, beyond: ["block"] }];
      const fixed = {
        version: 1,
        tagline: "",
        isPopular: false,
        billingModels: [],
        trial: null,
        overage: [],
        features: {},
      };
      return {
        ...entry,
        ...fixed,
        planVersionId: `${rank}`,
        slug: `p${rank}`,
        name: `P${rank}`,
        rank,
        allowances,
      };
    }),
  );
  const seats = fc.constantFrom(1, 3, 6);
  const units = fc.nat({ max: 30 });

  function asked(terms: PlanTerms[], seatsTaken: number, inDay: number): UpgradeQuestion {
    const [first] = terms;
    if (!first) throw new Error("at least one is drawn");
    return {
      plans: terms,
      creditPacks: [],
      meters: [{ key: "m", creditsPerUnit: null }],
      current: { ...first, price: first.prices[0] ?? null },
      currency: "usd",
      seatsTaken,
      overageCapMinor: 0,
      uses: [{ meter: "m", asked: 1, windows: [used("day", inDay)] }],
      isRefused: true,
      now: NOON,
    };
  }

  test("never the current plan, one that is not for sale, one in another currency or one with too few seats", () => {
    fc.assert(
      fc.property(plans, seats, units, (terms, seatsTaken, inDay) => {
        const suggestion = suggestUpgrade(asked(terms, seatsTaken, inDay));
        if (suggestion?.kind !== "upgrade") return;
        const suggested = terms.find(({ slug }) => slug === suggestion.plan);
        expect(suggested?.slug).not.toBe("p0");
        expect(suggested?.availability).toBe("public");
        expect(suggested?.seats ?? 99).toBeGreaterThanOrEqual(seatsTaken);
        expect(suggestion.price.currency).toBe("usd");
      }),
    );
  });

  test("nothing that covers the use costs less, whatever the intervals; the saving is never more than the difference", () => {
    fc.assert(
      fc.property(plans, seats, units, (terms, seatsTaken, inDay) => {
        const needed = Math.max(inDay * 2, inDay + 1);
        // Twelfths of all intervals that are drawn are whole numbers of minor units a three years.
        const inThreeYears = (of: PlanTerms["prices"][number]) => (of.amountMinor * 36) / intervalMonths(of);
        const covering = terms
          .slice(1)
          .filter((entry) => entry.availability === "public" && (entry.seats ?? 99) >= seatsTaken)
          .filter(({ allowances }) => (allowances[0]?.amount ?? 99) >= needed)
          .map(({ slug, prices }) => ({
            slug,
            cost: Math.min(...prices.filter(({ currency }) => currency === "usd").map(inThreeYears)),
          }))
          .filter(({ cost }) => cost < Number.POSITIVE_INFINITY)
          .sort((a, b) => a.cost - b.cost);
        const suggestion = suggestUpgrade(asked(terms, seatsTaken, inDay));
        expect(suggestion?.coversUse ?? false).toBe(covering.length > 0);
        if (suggestion?.kind !== "upgrade" || !suggestion.coversUse) return;
        expect(inThreeYears(suggestion.price)).toBe(covering[0]?.cost);
        expect(suggestion.plan).toBe(covering[0]?.slug);
        const difference = Math.floor(((covering[1]?.cost ?? 0) - (covering[0]?.cost ?? 0)) / 36);
        expect(suggestion.saving?.minorPerMonth ?? 0).toBe(covering.length > 1 ? difference : 0);
      }),
      { numRuns: 500 },
    );
  });

  test("the same whatever order the plans are read in", () => {
    fc.assert(
      fc.property(plans, seats, units, (terms, seatsTaken, inDay) => {
        const inOrder = asked(terms, seatsTaken, inDay);
        expect(suggestUpgrade({ ...inOrder, plans: terms.toReversed() })).toEqual(suggestUpgrade(inOrder));
      }),
    );
  });
});
