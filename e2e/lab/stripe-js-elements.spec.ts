import type { Page } from "@playwright/test";
import { findViolations } from "@/e2e/find-violations";
import { cardFrame, expect, type Shop, test, told, typeCard } from "./open-shop";

async function createSecret({ stripe }: Shop): Promise<string> {
  const intent = await stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
  return String(intent.client_secret);
}

async function lastChange(page: Page): Promise<unknown> {
  return (await told(page)).filter(({ type }) => type === "change").at(-1)?.event;
}

// https://docs.stripe.com/js/elements_object/create_payment_element
test.describe("the Payment Element", () => {
  test("says what is wrong while one types, in Stripe's words", async ({ page, shop }) => {
    await shop.open(page, { kind: "payment", clientSecret: await createSecret(shop) });
    const frame = cardFrame(page);
    const number = frame.getByLabel("Card number");
    await number.pressSequentially("4242");
    // It may still become a number.
    await expect(frame.getByRole("alert")).toHaveCount(0);
    await number.press("Tab");
    await expect(frame.getByRole("alert")).toHaveText("Your card number is incomplete.");
    await number.fill("4242424242424241");
    await expect(number).toHaveValue("4242 4242 4242 4241");
    await expect(frame.getByRole("alert")).toHaveText("Your card number is invalid.");
    await number.fill("378282246310005");
    await expect(number).toHaveValue("3782 822463 10005");
    await expect(frame.getByRole("alert")).toHaveCount(0);
    const expiry = frame.getByLabel("Expiration date");
    await expiry.pressSequentially("520");
    await expect(expiry).toHaveValue("05 / 20");
    await expect(frame.getByRole("alert")).toHaveText("Your card's expiration year is in the past.");
    await expiry.fill("");
    await expiry.pressSequentially("1240");
    const code = frame.getByLabel("Security code");
    await code.fill("123");
    await code.press("Tab");
    await expect(frame.getByRole("alert")).toHaveText("Your card's security code is incomplete.");
    await code.fill("12345");
    // American Express has four digits there.
    await expect(code).toHaveValue("1234");
  });

  test("tells the page whether it is complete, and nothing of the number", async ({ page, shop }) => {
    await shop.open(page, { kind: "payment", clientSecret: await createSecret(shop) });
    await typeCard(cardFrame(page), { number: "4242424242424242" });
    await expect
      .poll(() => lastChange(page))
      .toEqual({
        elementType: "payment",
        empty: false,
        complete: true,
        collapsed: false,
        value: { type: "card", billingDetails: { address: { country: "US", postalCode: "12345" } } },
      });
    const all = await told(page);
    expect(all.map(({ type }) => type).slice(0, 3)).toEqual(["express ready", "loaderstart", "ready"]);
    expect(all.find(({ type }) => type === "express ready")?.event).toEqual({
      elementType: "expressCheckout",
    });
    expect(JSON.stringify(all)).not.toContain("4242");
    expect(await page.evaluate(() => document.querySelector("iframe")?.contentDocument ?? null)).toBeNull();
  });

  test("sends nothing while it is incomplete, and leads to the first fault", async ({ page, shop }) => {
    const secret = await createSecret(shop);
    await shop.open(page, { kind: "payment", clientSecret: secret });
    const frame = cardFrame(page);
    await frame.getByLabel("Expiration date").fill("12 / 40");
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(page.locator("form > [role=alert]")).toHaveText("Your card number is incomplete.");
    await expect(frame.getByLabel("Card number")).toBeFocused();
    const { error } = JSON.parse((await page.locator("output").textContent()) ?? "");
    const message = "Your card number is incomplete.";
    expect(error).toEqual({ type: "validation_error", code: "incomplete_number", message });
    expect(await frame.getByRole("alert").allTextContents()).toEqual([
      message,
      "Your card's security code is incomplete.",
      "Your postal code is incomplete.",
    ]);
  });

  test("is filled in and sent with the keyboard alone", async ({ page, shop }) => {
    await shop.open(page, { kind: "payment", clientSecret: await createSecret(shop), locale: "en" });
    const frame = cardFrame(page);
    await expect(frame.getByLabel("Card number")).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(frame.getByLabel("Card number")).toBeFocused();
    for (const text of ["4242424242424242", "1240", "123"]) {
      await page.keyboard.type(text);
      await page.keyboard.press("Tab");
    }
    await expect(frame.getByLabel("Country")).toBeFocused();
    await page.keyboard.type("Germany");
    await expect(frame.getByLabel("ZIP code")).toBeHidden();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Pay" })).toBeFocused();
    expect(
      (await told(page)).map(({ type }) => type).filter((type) => ["focus", "blur"].includes(type)),
    ).toEqual(["focus", "blur"]);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/done**");
  });

  test("speaks French and Spanish", async ({ page, shop }) => {
    for (const [locale, label, message] of [
      ["fr", "Numéro de carte", "Votre numéro de carte n'est pas valide."],
      ["es", "Número de tarjeta", "El número de tu tarjeta no es válido."],
    ] as const) {
      await shop.open(page, { kind: "payment", clientSecret: await createSecret(shop), locale });
      await cardFrame(page).getByLabel(label).fill("4242424242424241");
      await expect(cardFrame(page).getByRole("alert")).toHaveText(message);
    }
  });

  test("says why it cannot be shown", async ({ page, shop }) => {
    const settled = await shop.stripe.paymentIntents.create({
      amount: 2000,
      currency: "usd",
      payment_method: "pm_card_visa",
      confirm: true,
      return_url: shop.url,
    });
    const secret = await createSecret(shop);
    for (const [config, expected] of [
      [{ clientSecret: String(settled.client_secret) }, { code: "payment_intent_unexpected_state" }],
      [{ clientSecret: `${secret}x` }, { code: "payment_intent_invalid_parameter", param: "client_secret" }],
      [{ clientSecret: "pi_none_secret_none" }, { code: "resource_missing" }],
      [
        { clientSecret: secret, key: "pk_test_another" },
        { message: "Invalid API Key provided: pk_test_***ther" },
      ],
    ] as const) {
      await shop.open(page, { kind: "payment", ...config });
      const errors = async () => (await told(page)).filter(({ type }) => type === "loaderror");
      await expect.poll(async () => (await errors()).length).toBe(1);
      expect((await errors())[0]?.event).toMatchObject({ elementType: "payment", error: expected });
    }
  });

  for (const [name, appearance] of [
    ["light", undefined],
    ["night", { theme: "night", variables: { colorPrimary: "#ffcc00", borderRadius: "12px" } }],
  ] as const) {
    test(`fits a telephone and is accessible, ${name}`, async ({ page, shop }) => {
      await page.setViewportSize({ width: 375, height: 812 });
      await shop.open(page, {
        kind: "payment",
        clientSecret: await createSecret(shop),
        ...(appearance ? { appearance } : {}),
        withAddress: true,
      });
      if (appearance)
        await page.addStyleTag({
          content: "body { background: #11141f; color: #fff; } button { color: #000; }",
        });
      const frame = cardFrame(page);
      await frame.getByLabel("Card number").fill("4242424242424241");
      await expect(frame.getByText("Never enter a real card")).toBeVisible();
      await expect(frame.getByRole("alert")).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
      const inside = await frame
        .locator("body")
        .evaluate(({ scrollWidth, clientWidth, scrollHeight }) => [
          scrollWidth <= clientWidth,
          scrollHeight <= window.innerHeight,
        ]);
      expect(inside).toEqual([true, true]);
      if (!appearance) return;
      const input = frame.getByLabel("Card number");
      await expect(input).toHaveCSS("border-radius", "12px");
      await expect(input).toHaveCSS("background-color", "rgb(48, 49, 61)");
    });
  }

  test("lives as an Element does: updated, collapsed, destroyed, made again", async ({ page, shop }) => {
    await shop.open(page, { kind: "card", clientSecret: "" });
    const secret = await createSecret(shop);
    const outcome = await page.evaluate(async (clientSecret) => {
      const stripe = Reflect.get(window, "stripeJs")("pk_test_local");
      const elements = stripe.elements({ clientSecret, locale: "en" });
      const first = elements.create("payment");
      const errorOf = (work: () => unknown): string => {
        try {
          work();
          return "none";
        } catch (error) {
          return String(error);
        }
      };
      const twice = errorOf(() => elements.create("payment"));
      const nowhere = errorOf(() => first.mount("#nowhere"));
      const box = document.body.appendChild(document.createElement("div"));
      const ready = new Promise((resolve) => first.on("ready", resolve));
      first.mount(box);
      await ready;
      const collapsed = new Promise<{ collapsed: boolean }>((resolve) => first.once("change", resolve));
      const chained = first.update({ readOnly: true }).collapse() === first;
      const change = await collapsed;
      first.destroy();
      const destroyed = errorOf(() => first.mount(box));
      const again = elements.create("payment") !== first && elements.getElement("payment") !== null;
      const left = box.childElementCount;
      return { twice, nowhere, chained, collapsed: change.collapsed, destroyed, again, left };
    }, secret);
    expect(outcome).toEqual({
      twice: "IntegrationError: Can only create one Element of type payment through an Elements instance.",
      nowhere:
        "IntegrationError: The selector you specified (#nowhere) applies to no DOM elements that are currently on the page. Make sure the element exists on the page before calling mount().",
      chained: true,
      collapsed: true,
      destroyed: "IntegrationError: This Element has already been destroyed. Please create a new one.",
      again: true,
      left: 0,
    });
  });
});

// https://docs.stripe.com/js/initializing
test("wrong use is an IntegrationError that says what is wrong", async ({ page, shop }) => {
  await shop.open(page, { kind: "card", clientSecret: "" });
  const errors = await page.evaluate(async () => {
    const stripeJs = Reflect.get(window, "stripeJs");
    const stripe = stripeJs("pk_test_local");
    const calls: [string, () => unknown][] = [
      ["no key", () => stripeJs()],
      ["secret key", () => stripeJs("sk_test_local")],
      ["unknown element", () => stripe.elements().create("teapot")],
      ["unserved element", () => stripe.elements().create("iban")],
      ["payment without intent", () => stripe.elements().create("payment")],
      ["bad secret", () => stripe.elements({ clientSecret: "pi_1" })],
      ["mode without amount", () => stripe.elements({ mode: "payment", currency: "usd" })],
      ["no return URL", () => stripe.confirmPayment({ clientSecret: "pi_1_secret_1" })],
      ["wrong kind", () => stripe.confirmSetup({ clientSecret: "pi_1_secret_1", redirect: "if_required" })],
      [
        "not mounted",
        () =>
          stripe.confirmPayment({
            elements: stripe.elements({ mode: "setup" }),
            clientSecret: "pi_1_secret_1",
            redirect: "if_required",
          }),
      ],
      ["unserved call", () => stripe.createConfirmationToken({})],
      ["unserved checkout", () => stripe.initCheckoutElementsSdk({})],
    ];
    const told: Record<string, string> = {};
    for (const [name, call] of calls) {
      try {
        await call();
        told[name] = "nothing";
      } catch (error) {
        told[name] = String(error);
      }
    }
    return told;
  });
  for (const message of Object.values(errors)) expect(message).toMatch(/^IntegrationError: /);
  expect(errors).toMatchObject({
    "no key": "IntegrationError: Missing value for Stripe(): apiKey should be a string.",
    "secret key": expect.stringContaining("You should not use your secret key with Stripe.js."),
    "unknown element": expect.stringContaining("A valid Element name must be provided."),
    "unserved element": expect.stringContaining("Not simulated yet by the local Stripe: the iban Element."),
    "payment without intent": expect.stringContaining("you must pass a clientSecret or mode"),
    "no return URL": expect.stringContaining("confirmParams.return_url"),
    "wrong kind": expect.stringContaining("value should be a client secret of the form"),
    "not mounted": expect.stringContaining("elements should have a mounted Payment Element"),
    "unserved call": expect.stringContaining(
      "Not simulated yet by the local Stripe: stripe.createConfirmationToken().",
    ),
  });
});

// https://docs.stripe.com/js/payment_intents/retrieve_payment_intent and …/handle_next_action
test("intents are looked up and finished by their client secret", async ({ page, shop }) => {
  const waiting = await shop.stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    payment_method: "pm_card_authenticationRequired",
    confirm: true,
    use_stripe_sdk: true,
  });
  await shop.open(page, { kind: "card", clientSecret: "" });
  const finished = page.evaluate(
    (clientSecret) => Reflect.get(window, "stripeJs")("pk_test_local").handleNextAction({ clientSecret }),
    String(waiting.client_secret),
  );
  await page
    .frameLocator('iframe[title="3D Secure challenge"]')
    .getByRole("button", { name: "Complete authentication" })
    .click();
  expect(await finished).toMatchObject({ paymentIntent: { id: waiting.id, status: "succeeded" } });
  const foreign = await page.evaluate(() =>
    Reflect.get(window, "stripeJs")("pk_test_local").retrievePaymentIntent("pi_none_secret_none"),
  );
  expect(foreign).toMatchObject({ error: { code: "resource_missing" } });
});

// https://docs.stripe.com/js/setup_intents/confirm_card_setup and …/retrieve_setup_intent, …/payment_intents/handle_card_action
test("the calls of older integrations do what they did", async ({ page, shop }) => {
  const { id: customer } = await shop.stripe.customers.create({});
  const setup = await shop.stripe.setupIntents.create({ customer });
  const payment = await createSecret(shop);
  await shop.open(page, { kind: "card", clientSecret: payment });
  const frame = page.frameLocator('iframe[title="Secure card payment input frame"]');
  await frame.getByLabel("Card number").pressSequentially("4242424242424242");
  await page.keyboard.type("124012312345");
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(page.locator("output")).toContainText("succeeded");
  const secret = String(setup.client_secret);
  const call = (name: string, ...given: unknown[]) =>
    page.evaluate(([method, values]) => Reflect.get(window, "stripeJs")("pk_test_local")[method](...values), [
      name,
      given,
    ] as const);
  expect(await call("retrieveSetupIntent", secret)).toMatchObject({
    setupIntent: { status: "requires_payment_method" },
  });
  const saved = { payment_method: "pm_card_visa" };
  const confirmed = await call("confirmCardSetup", secret, saved);
  expect(confirmed).toMatchObject({ setupIntent: { id: setup.id, status: "succeeded" } });
  // Confirmed again it is what it was: nothing happens twice.
  expect(await call("confirmCardSetup", secret, saved)).toMatchObject({
    error: { code: "setup_intent_unexpected_state" },
  });
  expect(await call("confirmCardPayment", payment, saved)).toMatchObject({
    error: { code: "payment_intent_unexpected_state" },
  });
});

// https://docs.stripe.com/js/elements_object/fetch_updates
test("a group follows an intent that the server has changed, and its own options", async ({ page, shop }) => {
  const secret = await createSecret(shop);
  await shop.open(page, { kind: "card", clientSecret: "" });
  await page.evaluate(async (clientSecret) => {
    const elements = Reflect.get(
      window,
      "stripeJs",
    )("pk_test_local").elements({
      clientSecret,
      locale: "en",
    });
    const box = document.body.appendChild(document.createElement("div"));
    const payment = elements.create("payment");
    const ready = new Promise((resolve) => payment.on("ready", resolve));
    payment.mount(box);
    await ready;
    Object.assign(window, { group: elements });
  }, secret);
  const frame = cardFrame(page);
  const terms = frame.getByText(/to charge your card for future payments/);
  await expect(terms).toBeHidden();
  const id = secret.split("_secret_")[0] ?? "";
  await shop.stripe.paymentIntents.update(id, { setup_future_usage: "off_session" });
  expect(await page.evaluate(() => Reflect.get(window, "group").fetchUpdates())).toEqual({});
  await expect(terms).toBeVisible();
  await page.evaluate(() => {
    const update = { locale: "de", appearance: { variables: { borderRadius: "1px" } } };
    Reflect.get(window, "group").update(update);
  });
  await expect(frame.getByLabel("Kartennummer")).toHaveCSS("border-radius", "1px");
  await shop.stripe.paymentIntents.cancel(id);
  const refused = await page.evaluate(() => Reflect.get(window, "group").fetchUpdates());
  expect(refused).toMatchObject({ error: { code: "payment_intent_unexpected_state" } });
});

// https://docs.stripe.com/elements/address-element
test("the Address Element's address is billed to", async ({ page, shop }) => {
  const secret = await createSecret(shop);
  await shop.open(page, {
    kind: "payment",
    clientSecret: secret,
    withAddress: true,
    redirect: "if_required",
  });
  await typeCard(cardFrame(page), { number: "4242424242424242" });
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(page.locator("form > [role=alert]")).toHaveText("Your address is incomplete.");
  const frame = page.frameLocator('iframe[title="Secure address input frame"]');
  await frame.getByLabel("Country or region").selectOption("DE");
  await frame.getByLabel("Full name").fill("Ada Lovelace");
  await frame.getByLabel("Address line 1").fill("Hauptstraße 1");
  await frame.getByLabel("City").fill("Berlin");
  await frame.getByLabel("Postal code").fill("10115");
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(page.locator("output")).toContainText("succeeded");
  const intent = await shop.stripe.paymentIntents.retrieve(secret.split("_secret_")[0] ?? "", {
    expand: ["latest_charge"],
  });
  expect(intent.latest_charge).toMatchObject({
    billing_details: {
      name: "Ada Lovelace",
      address: { line1: "Hauptstraße 1", city: "Berlin", postal_code: "10115", country: "DE" },
    },
  });
});

// https://docs.stripe.com/js/elements_object/create_element?type=cardNumber and https://docs.stripe.com/js/tokens/create_token
test("number, date and code may stand in fields of their own", async ({ page, shop }) => {
  await shop.open(page, { kind: "card", clientSecret: "" });
  await page.evaluate(() => {
    const stripe = Reflect.get(window, "stripeJs")("pk_test_local");
    const elements = stripe.elements({ locale: "en" });
    for (const type of ["cardNumber", "cardExpiry", "cardCvc"]) {
      const box = document.body.appendChild(document.createElement("div"));
      elements.create(type).mount(box);
    }
    Object.assign(window, {
      makeToken: () => stripe.createToken(elements.getElement("cardNumber"), { name: "Ada" }),
    });
  });
  const field = (title: string) => page.frameLocator(`iframe[title="${title}"]`).locator("input");
  await field("Secure card number input frame").fill("4242424242424242");
  await field("Secure expiration date input frame").fill("12 / 40");
  const makeToken = () => page.evaluate(() => Reflect.get(window, "makeToken")());
  expect(await makeToken()).toMatchObject({ error: { code: "incomplete_cvc" } });
  await field("Secure CVC input frame").fill("123");
  expect(await makeToken()).toMatchObject({ token: { type: "card", card: { last4: "4242", name: "Ada" } } });
});
