import { createElement, Fragment } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CreditPacks } from "@/components/pricing/credit-packs";
import { PlanComparison } from "@/components/pricing/plan-comparison";
import { chooseCurrency, soldCurrencies } from "@/lib/domain/currency-choice";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { catalogueTerms } from "./catalogue-terms";
import { PlanCards } from "./plan-cards";

/** What each seed asks for its plans and packs, as its page must say it: a card's texts, in their order. */
const PAGES: Record<string, { asked?: string; cards: Record<string, string[]>; packs?: string[][] }> = {
  learning: {
    cards: {
      free: ["$0", "3 AI requests a day", "50 AI requests a month"],
      premium: [
        "$19.99 per month",
        "$199.99 per year",
        "equals $16.67 a month",
        "saves $39.89 a year",
        "/subscribe?plan=premium&amp;interval=month&amp;interval_count=1",
        "/subscribe?plan=premium&amp;interval=year&amp;interval_count=1",
        "Start 14-day free trial",
        "No card needed.",
        "50 AI requests a day",
        "1,000 AI requests a month",
      ],
      enterprise: [
        "$49.99 per month",
        "$499.99 per year",
        "saves $99.89 a year",
        "200 AI requests a day",
        "5,000 AI requests a month",
      ],
    },
  },
  community: {
    cards: {
      explorer: ["$0", "3 AI requests a day", "10 projects"],
      "community-pro": [
        "$54 per quarter",
        "equals $18 a month",
        "Start 7-day free trial",
        "A card is needed.",
      ],
      "pro-learn": ["$105 per quarter", "equals $35 a month", "Subscribe"],
      creator: ["On request", "By application"],
    },
    packs: [
      ["$5 once, for 100,000 tokens", "$0.05 per 1,000 tokens", "about 65 interactions", "Never expires"],
      ["$20 once, for 500,000 tokens", "$0.04 per 1,000 tokens", "about 330 interactions"],
      ["$35 once, for 1,000,000 tokens", "$0.035 per 1,000 tokens", "about 650 interactions"],
    ],
  },
  ticketing: {
    cards: {
      free: ["$0", "10 tickets per billing period"],
      premium: ["$199 per month", "100 tickets per billing period", "More tickets: $1.99 each"],
      enterprise: ["$599 per month", "400 tickets per billing period", "More tickets: $1.25 each"],
    },
    packs: [
      ["$60 once, for 25 ticket credits", "$2.40 per ticket credit", "25 tickets"],
      ["$219 once, for 100 ticket credits", "$2.19 per ticket credit"],
      ["$799 once, for 400 ticket credits", "$1.9975 per ticket credit"],
    ],
  },
  "team-tokens": {
    cards: {
      free: ["$0", "Up to 2 members"],
      basic: [
        "$29.99 per month",
        "Up to 10 members",
        "100,000 LLM tokens per billing period",
        "50,000 voice tokens per billing period",
      ],
      business: ["$119.99 per month", "Up to 50 members"],
    },
  },
  directory: {
    asked: "eur",
    cards: {
      free: ["€0"],
      premium: ["€35 per month", "currency=eur"],
      enterprise: ["€139 per month", "currency=eur"],
    },
  },
};

describe.each(Object.entries(PAGES))("the pricing page of %s", (preset, { asked, cards, packs = [] }) => {
  let world: TestWorld;
  let html: string;
  beforeAll(async () => {
    world = await openTestWorld({ preset });
    const catalogue = await getCatalogue(world.ctx);
    const { currency } = chooseCurrency(soldCurrencies(catalogue), { asked });
    const terms = catalogueTerms(catalogue, currency, "https://shop.example/pricing");
    const names = terms.plans.map(({ plan }) => plan.name);
    html = renderToStaticMarkup(
      createElement(
        Fragment,
        null,
        createElement(PlanCards, { termsOf: () => terms, viewer: null, leftPlan: null }),
        createElement(CreditPacks, { packs: terms.packs }),
        createElement(PlanComparison, { names, rows: terms.comparison }),
      ),
    );
  });
  afterAll(() => world.close());

  test("shows its plans at the seed's prices, to the cent, each with its way on (S0-61..S0-63, S1-05..S1-09, S2-05..S2-10, S3-36, S4-15)", () => {
    for (const [slug, texts] of Object.entries(cards)) {
      const card = partOf(html, `<article id="${slug}"`, "</article>");
      for (const text of texts) expect(card).toContain(text);
    }
  });

  test("shows its packs, or none (S1-11..S1-13, S2-15)", () => {
    const shown = html.split("<h3").slice(1);
    expect(shown).toHaveLength(packs.length);
    for (const [index, texts] of packs.entries())
      for (const text of texts) expect(textOf(shown[index] ?? "")).toContain(text);
  });
});

test("what the page says is worked out once for a catalogue, and anew after a publish", async () => {
  const world = await openTestWorld({ preset: "directory" });
  const catalogue = await getCatalogue(world.ctx);
  const once = catalogueTerms(catalogue, "usd", "");
  expect(catalogueTerms(await getCatalogue(world.ctx), "usd", "")).toBe(once);
  expect(catalogueTerms(catalogue, "eur", "")).not.toBe(once);
  expect(catalogueTerms({ ...catalogue }, "usd", "")).not.toBe(once);
  await world.close();
});

/** A part's attributes and its text without tags. */
function partOf(html: string, start: string, end: string): string {
  const from = html.indexOf(start);
  expect(from).toBeGreaterThan(-1);
  const part = html.slice(from, html.indexOf(end, from));
  return `${textOf(part)} ${[...part.matchAll(/href="([^"]*)"/g)].map(([, href]) => href).join(" ")}`;
}

function textOf(html: string): string {
  return html.replaceAll(/<\/(?:p|li|h2|h3|div|td)>/g, " ").replaceAll(/<[^>]*>/g, "");
}
