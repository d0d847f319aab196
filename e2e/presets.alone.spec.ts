import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { card } from "./pricing-page";
import { expect, test } from "./test";

/** What each preset's source says of its plans, as the page must say it. `community`'s own is in pricing.spec.ts. */
const PRESETS: { preset: string; ids: string; first: string; says: Record<string, string[]> }[] = [
  {
    preset: "learning",
    ids: "S0-61, S0-62, S0-63, S0-26",
    first: "By the month",
    says: {
      Free: ["$0", "3 AI requests a day", "50 AI requests a month"],
      Premium: [
        "$19.99 per month",
        "Start 14-day free trial",
        "50 AI requests a day",
        "1,000 AI requests a month",
      ],
      Enterprise: ["$49.99 per month", "200 AI requests a day", "5,000 AI requests a month"],
    },
  },
  {
    preset: "ticketing",
    ids: "S2-05, S2-06, S2-07, S2-09, S2-10, S2-11",
    first: "Ticket packs",
    says: {
      Free: ["$0", "10 tickets per billing period"],
      Premium: ["$199 per month", "100 tickets per billing period", "More tickets: $1.99 each"],
      Enterprise: ["$599 per month", "400 tickets per billing period", "More tickets: $1.25 each"],
    },
  },
  {
    preset: "team-tokens",
    ids: "S3-36, S3-07, S3-08",
    first: "One subscription for the whole group.",
    says: {
      Basic: [
        "$29.99 per month",
        "Up to 10 members",
        "100,000 LLM tokens per billing period",
        "50,000 voice tokens per billing period",
      ],
    },
  },
  {
    preset: "directory",
    ids: "S4-15, S4-09",
    first: "Look around the directory.",
    says: { Free: ["$0"], Premium: ["$39 per month"], Enterprise: ["$149 per month"] },
  },
];

/** What is on sale changes for everybody, so this runs alone; afterwards it is what it was. */
test.describe.configure({ mode: "serial" });
test.afterAll(() => push("community"));

for (const { preset, ids, first, says } of PRESETS) {
  test(`the pricing page of ${preset} says what its source says, as soon as it is published (${ids})`, async ({
    page,
  }) => {
    await push(preset);
    // Within a second everywhere. (each instance looks once a second)
    await expect(async () => {
      await page.goto("/pricing");
      await expect(page.getByText(first, { exact: true })).toBeVisible({ timeout: 250 });
    }).toPass({ timeout: 5_000 });
    for (const [plan, texts] of Object.entries(says)) {
      for (const text of texts) {
        // The other intervals' prices and buttons are in the page, and not shown.
        await expect(card(page, plan).getByText(text).filter({ visible: true }), text).toHaveCount(1);
      }
    }
    if (preset === "learning") await switchesToTheYear(page);
    if (preset === "directory") await switchesToEuros(page);
  });
}

/** In the address, nothing else moving, kept over a reload. (S0-56, S0-62, S0-63, criterion 2) */
async function switchesToTheYear(page: Page): Promise<void> {
  const places = () =>
    page
      .getByRole("article")
      .evaluateAll((cards) =>
        cards.flatMap((element) =>
          [element, ...element.querySelectorAll("li")].map((part) => part.getBoundingClientRect().top),
        ),
      );
  const before = await places();
  await page.getByRole("radio", { name: "By the year" }).check();
  await expect(page).toHaveURL(/[?&]interval=year/);
  for (const shown of ["after the switch", "after a reload"]) {
    await expect(card(page, "Premium").getByText("$199.99 per year"), shown).toBeVisible();
    await expect(card(page, "Enterprise").getByText("$499.99 per year"), shown).toBeVisible();
    await expect(card(page, "Premium").getByText("$19.99 per month"), shown).toBeHidden();
    expect(await places(), shown).toEqual(before);
    await page.reload();
  }
}

/** In the address, and the page says so in the other currency throughout. (S4-15, criterion 2) */
async function switchesToEuros(page: Page): Promise<void> {
  await page.getByRole("button", { name: "EUR" }).click();
  await expect(page).toHaveURL(/[?&]currency=eur/);
  await expect(card(page, "Premium").getByText("€35 per month")).toBeVisible();
  await expect(card(page, "Enterprise").getByText("€139 per month")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("$39");
}

/** Publishes a preset as an adopter does, with its prices at the local Stripe. */
async function push(preset: string): Promise<void> {
  const args = ["scripts/catalogue.mjs", "push", "--catalogue", preset, "--replace"];
  await promisify(execFile)(process.execPath, args, { env: process.env });
}
