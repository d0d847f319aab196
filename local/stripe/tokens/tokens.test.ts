import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import {
  createClient,
  refusalOf,
  startTestStripe,
  type TestStripe,
} from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const CARD = { number: "5555555555554444", exp_month: "12", exp_year: "2040", cvc: "123", name: "Ada" };

// https://docs.stripe.com/api/tokens/create_card
test("a card becomes a token on the page, and the token a payment method, once", async () => {
  const page = createClient(local.server, LOCAL_CREDENTIALS.stripePublishableKey);
  const token = await page.tokens.create({ card: CARD });
  expect(token).toMatchObject({
    id: expect.stringMatching(/^tok_\w{24}$/),
    type: "card",
    used: false,
    card: { brand: "MasterCard", last4: "4444", exp_year: 2040, name: "Ada", cvc_check: "unchecked" },
  });
  expect(JSON.stringify(token)).not.toContain(CARD.number);
  const method = await local.stripe.paymentMethods.create({ type: "card", card: { token: token.id } });
  expect(method.card).toMatchObject({ brand: "mastercard", last4: "4444" });
  expect(await local.stripe.tokens.retrieve(token.id)).toMatchObject({ used: true });
  const again = await refusalOf(
    local.stripe.paymentMethods.create({ type: "card", card: { token: token.id } }),
  );
  expect([again.statusCode, again.code, again.message]).toEqual([
    400,
    "token_already_used",
    `You cannot use a Stripe token more than once: ${token.id}.`,
  ]);
});

test("a bad card gets no token, an unknown token no method", async () => {
  const bad = await refusalOf(local.stripe.tokens.create({ card: { ...CARD, number: "4242424242424241" } }));
  expect([bad.statusCode, bad.code, bad.param]).toEqual([402, "incorrect_number", "number"]);
  const unknown = await refusalOf(
    local.stripe.paymentMethods.create({ type: "card", card: { token: "tok_none" } }),
  );
  expect([unknown.statusCode, unknown.code, unknown.param]).toEqual([400, "resource_missing", "card[token]"]);
});

// https://docs.stripe.com/testing
test("shared test tokens can be used ever again", async () => {
  for (const token of ["tok_visa", "tok_visa", "tok_chargeDeclinedInsufficientFunds"]) {
    const method = await local.stripe.paymentMethods.create({ type: "card", card: { token } });
    expect(method.card?.brand).toBe("visa");
  }
});
