import type { Page } from "@playwright/test";
import { card } from "./pricing-page";
import { expect, signInAsNewPerson, signInFromMail, test } from "./test";

/** Every plan of the community preset as it must be readable, with its price and where it leads. */
const PLANS = [
  { name: "Free / Explorer", price: "$0", way: "Start free" },
  { name: "Community Pro", price: "$54 per quarter", way: "Start 7-day free trial" },
  { name: "Pro Learn", price: "$105 per quarter", way: "Subscribe" },
  { name: "Creator / Mentor", price: "On request", way: null },
];

test.describe("without JavaScript (criterion 1)", () => {
  test.use({ javaScriptEnabled: false });

  test("every plan has its price, interval and a way on; the page says what it is (S1-98, S1-100, S1-101, S1-103)", async ({
    page,
  }) => {
    await page.goto("/pricing");
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    for (const { name, price, way } of PLANS) {
      await expect(card(page, name)).toContainText(price);
      if (way) await expect(card(page, name).getByRole("link", { name: way })).toBeVisible();
    }
    await expect(card(page, "Community Pro").getByText("equals $18 a month")).toBeVisible();
    await expect(page).toHaveTitle(/Pricing/);
    expect(await page.locator('meta[name="description"]').getAttribute("content")).toBeTruthy();
    expect(await page.locator('link[rel="canonical"]').getAttribute("href")).toMatch(/\/pricing$/);
    // One currency and one interval are sold: there is nothing to choose.
    await expect(page.getByRole("group", { name: /interval|currency/i })).toHaveCount(0);
    // Packs by the catalogue's word, and what they are good for. (S1-11, S1-17)
    const starter = page.getByRole("listitem").filter({ hasText: "$5 once, for 100,000 tokens" }).first();
    await expect(starter).toContainText("Good for about 65 interactions");
    await expect(page.getByRole("heading", { name: "Token packages" })).toBeVisible();

    // A currency that nothing is sold in is told so. (criterion 2)
    await page.goto("/pricing?currency=eur&interval=decade");
    await expect(page.getByRole("main").getByRole("status")).toHaveText(
      "Nothing is sold in EUR here, so prices are in USD.",
    );
    await expect(card(page, "Community Pro")).toContainText("$54 per quarter");
  });
});

test("an anonymous visitor's click leads by sign-in to the checkout of exactly that plan and interval (criterion 4)", async ({
  page,
  freshEmail,
}) => {
  await page.goto("/pricing");
  await card(page, "Pro Learn").getByRole("link", { name: "Subscribe" }).click();
  await page.waitForURL("**/sign-in?return_to=**");
  await signInFromMail(page, freshEmail);
  await page.waitForURL("**/subscribe?plan=pro-learn&interval=month&interval_count=3&currency=usd");
  await expect(page.getByRole("heading", { level: 1, name: "Subscribe to Pro Learn" })).toBeVisible();
  // The sum has its tax line. (part of every total)
  await expect(page.getByRole("main")).toContainText(
    /Today\s*\$105\s*Tax\s*None added\s*Renews at\s*\$105 per quarter/,
  );
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.waitForURL("**/c/pay/**");
  await expect(page.getByText(/\$105\.00/).first()).toBeVisible();
  // Left again, it is shown as it was chosen. (criterion 8)
  await page.getByRole("link", { name: /back/i }).first().click();
  await page.waitForURL("**/pricing?canceled=pro-learn&interval=quarter&currency=usd");
  await expect(page.getByText("Nothing was charged")).toBeVisible();
});

test("the page does not wait for the viewer: what anybody gets comes first, their own button after it, and nothing moves (criterion 3)", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/pricing");
  const html = await (await page.request.get("/pricing")).text();
  const first = html.indexOf("Start free");
  expect(first).toBeGreaterThan(-1);
  expect(html.indexOf("Current plan")).toBeGreaterThan(first);

  await watchLayoutShift(page);
  await page.reload();
  await expect(card(page, "Free / Explorer").getByText("Current plan")).toBeVisible();
  await expect(
    card(page, "Community Pro").getByRole("button", { name: "Start 7-day free trial" }),
  ).toBeVisible();
  expect(await layoutShift(page)).toBeLessThanOrEqual(0.01);
});

test("search engines read an offer for each price that is sold (criterion 1)", async ({ request }) => {
  const html = await (await request.get("/pricing")).text();
  const json = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? "";
  const { offers } = JSON.parse(json) as { offers: { name: string; price: string; priceCurrency: string }[] };
  expect(offers.map(({ name, price, priceCurrency }) => [name, price, priceCurrency])).toEqual([
    ["Free / Explorer", "0", "USD"],
    ["Community Pro", "54.00", "USD"],
    ["Pro Learn", "105.00", "USD"],
  ]);
});

test("a link to the page is shown with a picture of 1200 by 630 (criterion 1)", async ({ page, request }) => {
  await page.goto("/pricing");
  const address = await page.locator('meta[property="og:image"]').getAttribute("content");
  const picture = await request.get(new URL(address ?? "").pathname);
  expect(picture.status()).toBe(200);
  const png = await picture.body();
  // The first chunk of a PNG: width and height. https://www.w3.org/TR/png/#11IHDR
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
});

async function watchLayoutShift(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = window as unknown as { layoutShift: number };
    seen.layoutShift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
        seen.layoutShift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** All there was, the shifts after a press included. */
function layoutShift(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { layoutShift: number }).layoutShift);
}
