import type { FrameLocator, Page } from "@playwright/test";
import type Stripe from "stripe";
import { findViolations } from "@/e2e/find-violations";
import { LAB } from "./create-subscriber";
import { expect, type Shop, test, told } from "./open-shop";

async function createSession(
  { stripe, url }: Shop,
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ id: string; secret: string }> {
  const product = { name: "Lamp" };
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    ui_mode: "embedded_page",
    line_items: [{ price_data: { currency: "usd", unit_amount: 2000, product_data: product }, quantity: 1 }],
    return_url: `${url}/done?session={CHECKOUT_SESSION_ID}`,
    ...params,
  });
  return { id: session.id, secret: String(session.client_secret) };
}

function checkout(page: Page): FrameLocator {
  return page.frameLocator('iframe[name="embedded-checkout"]');
}

async function pay(frame: FrameLocator, number: string): Promise<void> {
  await frame.getByLabel("Email").fill("ada@example.test");
  await frame.getByLabel("Card number").fill(number);
  await frame.getByLabel(/Expiry/).fill("12 / 40");
  await frame.getByLabel("CVC").fill("123");
  await frame.getByLabel("Cardholder name").fill("Ada");
  await frame.getByRole("button", { name: /^Pay/ }).click();
}

// https://docs.stripe.com/payments/checkout/how-checkout-works?payment-ui=embedded-page
test.describe("embedded checkout", () => {
  test("pays in the shop's page and leads to the return URL", async ({ page, shop }) => {
    const { id, secret } = await createSession(shop);
    await page.setViewportSize({ width: 375, height: 812 });
    await shop.open(page, { kind: "embedded", clientSecret: secret });
    await pay(checkout(page), "4242424242424242");
    await page.waitForURL(`**/done?session=${id}`);
    const session = await shop.stripe.checkout.sessions.retrieve(id);
    expect(session).toMatchObject({
      status: "complete",
      payment_status: "paid",
      ui_mode: "embedded_page",
      url: null,
    });
  });

  test("is accessible and as high as it has to be", async ({ page, shop }) => {
    const { secret } = await createSession(shop);
    await page.setViewportSize({ width: 375, height: 812 });
    await shop.open(page, { kind: "embedded", clientSecret: secret });
    const frame = checkout(page);
    await expect(frame.getByLabel("Card number")).toBeVisible();
    const fits = () =>
      frame.locator("body").evaluate(({ scrollHeight }) => scrollHeight <= window.innerHeight);
    await expect.poll(fits).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    expect(await findViolations(page)).toEqual([]);
  });

  test("a decline is told on the page, and 3D Secure is asked for in it", async ({ page, shop }) => {
    const { id, secret } = await createSession(shop);
    await shop.open(page, { kind: "embedded", clientSecret: secret });
    await pay(checkout(page), "4000000000009995");
    await expect(checkout(page).getByRole("alert")).toHaveText("Your card has insufficient funds.");
    await pay(checkout(page), "4000002760003184");
    await checkout(page).getByRole("button", { name: "Complete authentication" }).click();
    await page.waitForURL(`**/done?session=${id}`);
    expect((await shop.stripe.checkout.sessions.retrieve(id)).status).toBe("complete");
  });

  // https://docs.stripe.com/payments/checkout/custom-success-page?payment-ui=embedded-page
  for (const redirect of ["if_required", "never"] as const) {
    test(`tells the page instead of leaving it: ${redirect}`, async ({ page, shop }) => {
      const { id, secret } = await createSession(shop, {
        redirect_on_completion: redirect,
        ...(redirect === "never" ? { return_url: undefined } : {}),
      });
      await shop.open(page, { kind: "embedded", clientSecret: secret });
      await pay(checkout(page), "4242424242424242");
      await expect.poll(async () => (await told(page)).map(({ type }) => type)).toEqual(["complete"]);
      await expect(checkout(page).getByRole("heading")).toHaveText("Payment complete");
      expect(new URL(page.url()).pathname).toBe("/");
      expect((await shop.stripe.checkout.sessions.retrieve(id)).status).toBe("complete");
    });
  }

  test("that has expired says so, and takes no money", async ({ page, shop }) => {
    const { id, secret } = await createSession(shop);
    await shop.stripe.checkout.sessions.expire(id);
    await shop.open(page, { kind: "embedded", clientSecret: secret });
    await expect(checkout(page).getByRole("heading")).toContainText("expired");
    await expect(checkout(page).getByRole("button")).toHaveCount(0);
    expect(await told(page)).toEqual([]);
  });

  test("opens to its client secret alone, and to pages of this machine", async ({ page, shop }) => {
    const { id, secret } = await createSession(shop);
    expect((await page.request.get(`${LAB}/c/pay/${id}`)).status()).toBe(404);
    expect((await page.request.get(`${LAB}/c/pay/${secret}x`)).status()).toBe(404);
    const answer = await page.request.get(`${LAB}/c/pay/${secret}`);
    expect(answer.headers()["content-security-policy"]).toContain("frame-ancestors http://localhost:*");
    await shop.open(page, { kind: "card", clientSecret: "" });
    const errors = await page.evaluate(async (good) => {
      const stripe = Reflect.get(window, "stripeJs")("pk_test_local");
      const messageOf = (options: object): Promise<string> =>
        stripe.createEmbeddedCheckoutPage(options).then(
          () => "none",
          (error: unknown) => String(error),
        );
      const refused = {
        malformed: await messageOf({ clientSecret: "cs_1" }),
        foreign: await messageOf({ clientSecret: "cs_test_1_secret_1" }),
        callback: await messageOf({ clientSecret: good, onLineItemsChange: () => {} }),
        good: await messageOf({ fetchClientSecret: async () => good }),
        second: await messageOf({ clientSecret: good }),
      };
      return refused;
    }, secret);
    expect(errors).toMatchObject({
      malformed: expect.stringContaining("clientSecret should be a client secret of the form"),
      foreign: expect.stringContaining("No such checkout.session"),
      callback: expect.stringContaining("Not simulated yet by the local Stripe: onLineItemsChange"),
      good: "none",
      second: "IntegrationError: You cannot have multiple Embedded Checkout objects.",
    });
  });
});
