import { expect, test } from "@playwright/test";
import { card } from "./pricing-page";

/** Every plan of the community preset as it must be readable, with its price and where it leads. */
const PLANS = [
  { name: "Free / Explorer", price: "$0", button: "Start free" },
  { name: "Community Pro", price: "$54", button: "Start 7-day free trial" },
  { name: "Pro Learn", price: "$105", button: "Subscribe" },
  { name: "Creator / Mentor", price: "On request", button: null },
];

test.describe("without JavaScript (criterion 1)", () => {
  test.use({ javaScriptEnabled: false });

  test("every plan has its price, interval and a way on; the page says what it is (S1-98, S1-100, S1-101, S1-103)", async ({
    page,
  }) => {
    await page.goto("/pricing");
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    for (const { name, price, button } of PLANS) {
      const plan = card(page, name);
      await expect(plan.getByText(price, { exact: true })).toBeVisible();
      if (button) await expect(plan.getByText(button, { exact: true })).toBeVisible();
    }
    await expect(card(page, "Community Pro").getByText("per quarter")).toBeVisible();
    await expect(card(page, "Community Pro").getByText("equals $18 a month")).toBeVisible();
    await expect(page).toHaveTitle(/Pricing/);
    expect(await page.locator('meta[name="description"]').getAttribute("content")).toBeTruthy();
    expect(await page.locator('link[rel="canonical"]').getAttribute("href")).toMatch(/\/pricing$/);
    // The button is a form that works as it is: whoever is not signed in is asked to, and comes back.
    await card(page, "Community Pro").getByRole("button").click();
    await expect(page).toHaveURL(/\/sign-in\?return_to=/);
  });
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
