import type Stripe from "stripe";
import { cardFrame, expect, type Shop, test, typeCard } from "./open-shop";

async function createIntent(
  { stripe }: Shop,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<{ id: string; secret: string }> {
  const intent = await stripe.paymentIntents.create({ amount: 2000, currency: "usd", ...params });
  return { id: intent.id, secret: String(intent.client_secret) };
}

// https://docs.stripe.com/payments/accept-a-payment?platform=web&ui=elements
test.describe("confirmPayment", () => {
  test("pays with what was typed and leads to the return URL", async ({ page, shop }) => {
    const { id, secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret });
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    await page.getByRole("button", { name: "Pay" }).click();
    await page.waitForURL("**/done**");
    const query = Object.fromEntries(new URL(page.url()).searchParams);
    const expected = {
      order: "7",
      payment_intent: id,
      payment_intent_client_secret: secret,
      redirect_status: "succeeded",
    };
    expect(query).toEqual(expected);
    const paid = await shop.stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] });
    expect(paid).toMatchObject({
      status: "succeeded",
      latest_charge: { billing_details: { address: { country: "US", postal_code: "12345" } } },
    });
  });

  test("stays on the page where no redirect is required, and gives the intent", async ({ page, shop }) => {
    const { id, secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret, redirect: "if_required" });
    await typeCard(cardFrame(page), { number: "5555555555554444" });
    await page.getByRole("button", { name: "Pay" }).click();
    const result = JSON.parse((await page.locator("output").textContent()) ?? "");
    expect(result).toMatchObject({ paymentIntent: { id, status: "succeeded" } });
    expect(JSON.stringify(result)).not.toContain("5555555555554444");
  });

  for (const [number, code, declineCode, message] of [
    ["4000000000000002", "card_declined", "generic_decline", "Your card was declined."],
    ["4000000000009995", "card_declined", "insufficient_funds", "Your card has insufficient funds."],
    ["4000000000000069", "expired_card", "expired_card", "Your card has expired."],
    ["4000000000000127", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."],
    [
      "4000000000000119",
      "processing_error",
      "processing_error",
      "An error occurred while processing your card. Try again in a little bit.",
    ],
  ] as const) {
    test(`tells of a decline: ${declineCode}`, async ({ page, shop }) => {
      const { id, secret } = await createIntent(shop);
      await shop.open(page, { kind: "payment", clientSecret: secret });
      await typeCard(cardFrame(page), { number });
      await page.getByRole("button", { name: "Pay" }).click();
      await expect(page.getByRole("alert")).toHaveText(message);
      const { error } = JSON.parse((await page.locator("output").textContent()) ?? "");
      const expected = { type: "card_error", code, decline_code: declineCode, message };
      expect(error).toMatchObject({ ...expected, payment_intent: { id, status: "requires_payment_method" } });
    });
  }

  test("a declined card can be followed by a good one", async ({ page, shop }) => {
    const { id, secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret });
    await typeCard(cardFrame(page), { number: "4000000000000002" });
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(page.getByRole("alert")).toHaveText("Your card was declined.");
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    await page.getByRole("button", { name: "Pay" }).click();
    await page.waitForURL("**/done**");
    expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe("succeeded");
  });

  test("an intent that was settled meanwhile is not paid again", async ({ page, shop }) => {
    const { id, secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret });
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    const elsewhere = { payment_method: "pm_card_visa", return_url: shop.url };
    await shop.stripe.paymentIntents.confirm(id, elsewhere);
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(page.getByRole("alert")).toContainText("has already succeeded");
    expect((await shop.stripe.charges.list({ payment_intent: id })).data).toHaveLength(1);
  });

  test("declines are told in the language of the Elements", async ({ page, shop }) => {
    const { secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret, locale: "de" });
    const frame = cardFrame(page);
    await frame.getByLabel("Kartennummer").fill("4000000000009995");
    await frame.getByLabel("Ablaufdatum").fill("12 / 40");
    await frame.getByLabel("Prüfziffer").fill("123");
    await frame.getByLabel("Land").selectOption("AT");
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(page.getByRole("alert")).toHaveText("Ihre Karte verfügt nicht über ausreichende Deckung.");
  });
});

// https://docs.stripe.com/payments/3d-secure/authentication-flow
test.describe("3D Secure", () => {
  const challenge = 'iframe[title="3D Secure challenge"]';

  test("in a dialog, accepted", async ({ page, shop }) => {
    const { id, secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret });
    await typeCard(cardFrame(page), { number: "4000002760003184" });
    await page.getByRole("button", { name: "Pay" }).click();
    await page.frameLocator(challenge).getByRole("button", { name: "Complete authentication" }).click();
    await page.waitForURL("**/done**");
    expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe("succeeded");
  });

  for (const [how, act] of [
    ["refused", "Fail authentication"],
    ["closed", null],
    ["left with the keyboard", "Escape"],
  ] as const) {
    test(`in a dialog, ${how}`, async ({ page, shop }) => {
      const { id, secret } = await createIntent(shop);
      await shop.open(page, { kind: "payment", clientSecret: secret });
      await typeCard(cardFrame(page), { number: "4000002760003184" });
      await page.getByRole("button", { name: "Pay" }).click();
      await expect(page.frameLocator(challenge).getByRole("heading")).toBeVisible();
      if (act === "Escape") await page.keyboard.press(act);
      else if (act) await page.frameLocator(challenge).getByRole("button", { name: act }).click();
      else await page.getByRole("button", { name: "Cancel" }).click();
      await expect(page.getByRole("alert")).toHaveText(
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
      );
      await expect(page.locator(challenge)).toHaveCount(0);
      const { error } = JSON.parse((await page.locator("output").textContent()) ?? "");
      expect(error.code).toBe("payment_intent_authentication_failure");
      expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe("requires_payment_method");
    });
  }

  test("accepted, and then declined by the bank", async ({ page, shop }) => {
    const { secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret });
    await typeCard(cardFrame(page), { number: "4000008400001629" });
    await page.getByRole("button", { name: "Pay" }).click();
    await page.frameLocator(challenge).getByRole("button", { name: "Complete authentication" }).click();
    await expect(page.getByRole("alert")).toHaveText("Your card was declined.");
  });
});

// https://docs.stripe.com/payments/accept-a-payment-deferred
test.describe("Elements without an intent", () => {
  const deferred = { mode: "payment", amount: 2000, currency: "usd" } as const;

  test("are confirmed with one that is made when the button is pressed", async ({ page, shop }) => {
    const { id, secret } = await createIntent(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret, deferred });
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    await page.getByRole("button", { name: "Pay" }).click();
    await page.waitForURL("**/done**");
    expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe("succeeded");
  });

  test("take no intent over another amount", async ({ page, shop }) => {
    const { id, secret } = await createIntent(shop, { amount: 2500 });
    await shop.open(page, { kind: "payment", clientSecret: secret, deferred });
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(page.getByRole("alert")).toContainText("amount of the PaymentIntent (2500) does not match");
    expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe("requires_payment_method");
  });

  test("save a card, in fields that are shown when they are ready", async ({ page, shop }) => {
    const { id: customer } = await shop.stripe.customers.create({});
    const intent = await shop.stripe.setupIntents.create({ customer });
    await shop.open(page, {
      kind: "setup",
      clientSecret: String(intent.client_secret),
      deferred: { mode: "setup", currency: "usd" },
      hiddenUntilReady: true,
    });
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    await page.getByRole("button", { name: "Pay" }).click();
    await page.waitForURL("**/done**");
    expect((await shop.stripe.setupIntents.retrieve(intent.id)).status).toBe("succeeded");
  });

  test("make a payment method for the server to charge", async ({ page, shop }) => {
    await shop.open(page, { kind: "payment_method", clientSecret: "", deferred });
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    await page.getByRole("button", { name: "Pay" }).click();
    const { paymentMethod } = JSON.parse((await page.locator("output").textContent()) ?? "");
    expect(paymentMethod).toMatchObject({ type: "card", card: { last4: "4242" } });
    const paid = await shop.stripe.paymentIntents.create({
      ...{ amount: 2000, currency: "usd" },
      payment_method: paymentMethod.id,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    });
    expect(paid.status).toBe("succeeded");
  });
});

// https://docs.stripe.com/payments/save-and-reuse?platform=web&ui=elements
test("confirmSetup saves the card, after its holder consented", async ({ page, shop }) => {
  const customer = await shop.stripe.customers.create({});
  const intent = await shop.stripe.setupIntents.create({ customer: customer.id });
  await shop.open(page, { kind: "setup", clientSecret: String(intent.client_secret) });
  const frame = cardFrame(page);
  await typeCard(frame, { number: "4000002500003155" });
  await expect(frame.getByText(/allow .+ to charge your card for future payments/)).toBeVisible();
  await page.getByRole("button", { name: "Pay" }).click();
  await page
    .frameLocator('iframe[title="3D Secure challenge"]')
    .getByRole("button", { name: "Complete authentication" })
    .click();
  await page.waitForURL("**/done**");
  expect(new URL(page.url()).searchParams.get("setup_intent")).toBe(intent.id);
  const { data } = await shop.stripe.customers.listPaymentMethods(customer.id);
  expect(data.map(({ card }) => card?.last4)).toEqual(["3155"]);
});

// https://docs.stripe.com/js/payment_intents/confirm_card_payment
test("the one-line card field pays", async ({ page, shop }) => {
  const { id, secret } = await createIntent(shop);
  await shop.open(page, { kind: "card", clientSecret: secret });
  const frame = page.frameLocator('iframe[title="Secure card payment input frame"]');
  // Each field leads to the next.
  await frame.getByLabel("Card number").pressSequentially("4242424242424242");
  await expect(frame.getByLabel("Expiration date")).toBeFocused();
  await page.keyboard.type("124012312345");
  await page.getByRole("button", { name: "Pay" }).click();
  const { paymentIntent } = JSON.parse((await page.locator("output").textContent()) ?? "");
  expect(paymentIntent).toMatchObject({ id, status: "succeeded" });
  const { latest_charge: charge } = await shop.stripe.paymentIntents.retrieve(id, {
    expand: ["latest_charge"],
  });
  expect(charge).toMatchObject({ billing_details: { name: "Ada", address: { postal_code: "12345" } } });
});
