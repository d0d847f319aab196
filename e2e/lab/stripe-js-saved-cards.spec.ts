import type Stripe from "stripe";
import { findViolations } from "@/e2e/find-violations";
import { cardFrame, expect, type Shop, type ShopConfig, test, told, typeCard } from "./open-shop";

type Features = Stripe.CustomerSessionCreateParams.Components.PaymentElement.Features;

/** A customer with cards that may be shown again, and a session that shows what its features say. */
async function createReturning({ stripe }: Shop, features: Features, aliases = ["visa", "mastercard"]) {
  const { id: customer } = await stripe.customers.create({});
  for (const alias of aliases) {
    const { id } = await stripe.paymentMethods.attach(`pm_card_${alias}`, { customer });
    await stripe.paymentMethods.update(id, { allow_redisplay: "always" });
  }
  const session = await stripe.customerSessions.create({
    customer,
    components: {
      payment_element: { enabled: true, features: { payment_method_redisplay: "enabled", ...features } },
    },
  });
  const intent = await stripe.paymentIntents.create({ amount: 2000, currency: "usd", customer });
  const config: ShopConfig = {
    kind: "payment",
    clientSecret: String(intent.client_secret),
    customerSession: session.client_secret,
    redirect: "if_required",
  };
  return { customer, intent: intent.id, config };
}

// https://docs.stripe.com/payments/save-customer-payment-methods
test.describe("a customer who comes back", () => {
  test("chooses a saved card and pays with it", async ({ page, shop }) => {
    const { intent, config } = await createReturning(shop, {});
    await shop.open(page, config);
    const frame = cardFrame(page);
    await expect(frame.getByRole("radio", { name: "Mastercard ···· 4444" })).toBeChecked();
    await expect(frame.getByLabel("Card number")).toBeHidden();
    await frame.getByRole("radio", { name: "Visa ···· 4242" }).check();
    const lastChange = async () => (await told(page)).filter(({ type }) => type === "change").at(-1)?.event;
    await expect.poll(lastChange).toMatchObject({
      complete: true,
      empty: false,
      value: { type: "card", payment_method: { type: "card" } },
    });
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(page.locator("output")).toContainText("succeeded");
    const paid = await shop.stripe.paymentIntents.retrieve(intent, { expand: ["payment_method"] });
    expect(paid).toMatchObject({ status: "succeeded", payment_method: { card: { last4: "4242" } } });
  });

  test("is asked by the bank of a saved card as of a new one", async ({ page, shop }) => {
    const { config } = await createReturning(shop, {}, ["authenticationRequired"]);
    await shop.open(page, config);
    await expect(cardFrame(page).getByRole("radio").first()).toBeChecked();
    await page.getByRole("button", { name: "Pay" }).click();
    const bank = page.frameLocator('iframe[title="3D Secure challenge"]');
    await bank.getByRole("button", { name: "Complete authentication" }).click();
    await expect(page.locator("output")).toContainText("succeeded");
  });

  // https://docs.stripe.com/api/customer_sessions/create#create_customer_session-components-payment_element-features-payment_method_save
  for (const [tick, shown, usage] of [
    [true, "always", "off_session"],
    [false, "unspecified", null],
  ] as const) {
    test(`types a new card, ${tick ? "to be kept" : "for once"}`, async ({ page, shop }) => {
      const { customer, intent, config } = await createReturning(shop, {
        payment_method_save: "enabled",
        payment_method_save_usage: "off_session",
      });
      await shop.open(page, config);
      const frame = cardFrame(page);
      await frame.getByRole("radio", { name: "New card" }).check();
      await typeCard(frame, { number: "6011111111111117" });
      if (tick) await frame.getByLabel("Save payment details for future purchases").check();
      await page.getByRole("button", { name: "Pay" }).click();
      await expect(page.locator("output")).toContainText("succeeded");
      const paid = await shop.stripe.paymentIntents.retrieve(intent, { expand: ["payment_method"] });
      expect(paid).toMatchObject({
        setup_future_usage: usage,
        payment_method: { allow_redisplay: shown, customer: tick ? customer : null },
      });
    });
  }

  test("removes a card after being asked, with the keyboard", async ({ page, shop }) => {
    const { customer, config } = await createReturning(shop, { payment_method_remove: "enabled" });
    await shop.open(page, config);
    const frame = cardFrame(page);
    await frame.getByRole("button", { name: "Remove: Mastercard ···· 4444" }).press("Enter");
    await expect(frame.getByText("Remove Mastercard ···· 4444?")).toBeVisible();
    await frame.getByRole("button", { name: "Keep" }).press("Enter");
    await expect(frame.getByRole("radio", { name: "Mastercard ···· 4444" })).toBeVisible();
    await frame.getByRole("button", { name: "Remove: Mastercard ···· 4444" }).press("Enter");
    await expect(frame.getByRole("button", { name: "Remove", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(frame.getByRole("radio", { name: "Mastercard ···· 4444" })).toHaveCount(0);
    await expect(frame.getByRole("radio", { name: "Visa ···· 4242" })).toBeChecked();
    const { data } = await shop.stripe.customers.listPaymentMethods(customer);
    expect(data.map(({ card }) => card?.last4)).toEqual(["4242"]);
    const removals = (await told(page)).filter(({ type }) => type === "removed");
    expect(removals.map(({ event }) => event)).toMatchObject([{ success: true, elementType: "payment" }]);
  });

  for (const theme of ["stripe", "night"] as const) {
    test(`sees it all on a telephone, accessibly: ${theme}`, async ({ page, shop }) => {
      await page.setViewportSize({ width: 375, height: 812 });
      const { config } = await createReturning(shop, {
        payment_method_remove: "enabled",
        payment_method_save: "enabled",
        payment_method_save_usage: "off_session",
      });
      await shop.open(page, { ...config, appearance: { theme } });
      if (theme === "night") {
        const content = "body { background: #11141f; color: #fff; } button { color: #000; }";
        await page.addStyleTag({ content });
      }
      const frame = cardFrame(page);
      await frame.getByRole("button", { name: /^Remove: Visa/ }).click();
      await frame.getByRole("radio", { name: "New card" }).check();
      await expect(frame.getByLabel("Save payment details for future purchases")).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    });
  }

  test("is told why nothing can be shown when the session is a wrong one", async ({ page, shop }) => {
    const { config } = await createReturning(shop, {});
    await shop.open(page, { ...config, customerSession: "cuss_secret_foreign" });
    const errors = async () => (await told(page)).filter(({ type }) => type === "loaderror");
    await expect.poll(async () => (await errors()).length).toBe(1);
    const error = { type: "invalid_request_error", param: "customer_session_client_secret" };
    expect((await errors())[0]?.event).toMatchObject({ error });
  });
});
