import { expect, test } from "vitest";
import type { PlanPrice, PlanTerms } from "./catalogue";
import { planOffers } from "./plan-offers";

const PLAN: PlanTerms = {
  planVersionId: "",
  slug: "pro",
  version: 1,
  name: "Pro",
  tagline: "",
  rank: 1,
  availability: "public",
  isPopular: false,
  billingModels: ["fixed_fee"],
  seats: 1,
  trial: null,
  prices: [],
  allowances: [],
  overage: [],
  features: {},
};

function offersOf(plans: PlanTerms[]): Record<string, unknown>[] {
  const told = planOffers({ name: "Shop", currency: "usd", plans }, "https://shop.example/pricing");
  // The one member that this function adds to what is constant.
  return (told as { offers: Record<string, unknown>[] }).offers;
}

const price = (amountMinor: number, currency: string, rest: Partial<PlanPrice> = {}): PlanPrice => ({
  id: "",
  interval: "month",
  intervalCount: 1,
  currency,
  amountMinor,
  ...rest,
});

test("there is an offer for each price, in the currency's own decimals (criterion 1)", () => {
  const prices = [
    price(1999, "usd"),
    price(19999, "usd", { interval: "year" }),
    price(500, "jpy"),
    price(1500, "kwd"),
  ];
  expect(offersOf([{ ...PLAN, prices }]).map((offer) => [offer.price, offer.priceCurrency])).toEqual([
    ["19.99", "USD"],
    ["199.99", "USD"],
    ["500", "JPY"],
    ["1.500", "KWD"],
  ]);
});

test("the free plan is offered for nothing, and what nobody can buy is not offered", () => {
  const offers = offersOf([
    PLAN,
    { ...PLAN, slug: "creator", availability: "invite", prices: [price(1, "usd")] },
  ]);
  expect(offers).toEqual([
    expect.objectContaining({ price: "0", priceCurrency: "USD", url: "https://shop.example/pricing#pro" }),
  ]);
});
