import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { brandOf, isPossibleCardNumber } from "@/local/stripe/payment-methods/check-card-number";
import { TEST_CARDS } from "@/local/stripe/payment-methods/test-card-table";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import * as rules from "./frames/card-rules";
import { takesCards, withCard } from "./frames/send-card";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const PAGE = { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripePublishableKey}` };

// https://docs.stripe.com/sdks/stripejs-versioning
describe("the script", () => {
  test("is one classic script that says which version it is", async () => {
    for (const [path, version] of [
      ["/v3", 3],
      ["/v3/", 3],
      ["/v3/stripe.js", 3],
      ["/endive/stripe.js", "endive"],
      ["/basil/stripe.js", "basil"],
    ] as const) {
      const response = await local.raw(path);
      expect(response.headers.get("content-type")).toContain("text/javascript");
      const window: { Stripe?: { version: unknown } } = {};
      runInNewContext(await response.text(), {
        window,
        console,
        URL,
        URLSearchParams,
        navigator: { language: "en" },
      });
      expect(window.Stripe?.version).toBe(version);
    }
    expect((await local.raw("/another/stripe.js")).status).toBe(404);
  });

  test("knows where the lab is, and gives out nothing else of this machine", async () => {
    expect(await (await local.raw("/v3/")).text()).toContain(JSON.stringify(local.server.url));
    for (const name of ["card", "address", "checkout"]) {
      const script = await (await local.raw(`/js/frames/${name}-frame.js`)).text();
      // One script: nothing is left to be asked for.
      expect(script).not.toMatch(/^\s*(import|export)\b/m);
    }
    for (const path of [
      "/js/frames/none-frame.js",
      "/js/frames/stripe.js",
      "/js/frames/card-rules.js",
      "/js/bundle-script.ts",
      "/js/frames/..%2fbundle-script.js",
      "/js/",
    ]) {
      expect((await local.raw(path)).status).toBe(404);
    }
  });
});

describe("a frame", () => {
  test("stands in pages of this machine alone and runs the lab's scripts alone", async () => {
    for (const kind of ["payment", "address", "card", "cardNumber", "cardExpiry", "cardCvc"]) {
      const response = await local.raw(`/js/elements/${kind}`);
      expect(response.status).toBe(200);
      const policy = response.headers.get("content-security-policy");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'; connect-src 'self'");
      expect(policy).toMatch(/frame-ancestors http:\/\/localhost:\* [^;]*127\.0\.0\.1:\*/);
      expect(policy).not.toContain("frame-ancestors 'none'");
    }
    expect((await local.raw("/js/elements/iban")).status).toBe(404);
  });

  test("sends a card to the calls that take one and to no others", () => {
    for (const path of [
      "/v1/payment_intents/pi_1/confirm",
      "/v1/setup_intents/seti_1/confirm",
      "/v1/payment_methods",
      "/v1/tokens",
    ]) {
      expect(takesCards(path)).toBe(true);
    }
    for (const path of [
      "/v1/customers",
      "/v1/payment_intents/pi_1",
      "/v1/tokens/../customers",
      "//evil.test/v1/tokens",
      undefined,
    ]) {
      expect(takesCards(path)).toBe(false);
    }
    const card = { number: "4242424242424242" };
    expect(withCard({ a: 1 }, ["payment_method_data", "card"], card)).toEqual({
      a: 1,
      payment_method_data: { card },
    });
  });
});

describe("what is typed", () => {
  test("is judged as the lab judges it", () => {
    for (const { number } of TEST_CARDS) {
      expect(rules.brandOf(number)).toBe(brandOf(number));
      expect(rules.numberFault(number) === null).toBe(isPossibleCardNumber(number));
    }
  });

  test("has Stripe's codes for what is wrong", () => {
    for (const [number, fault] of [
      ["", "incomplete_number"],
      ["424242424242424", "incomplete_number"],
      ["4242424242424241", "invalid_number"],
      ["378282246310005", null],
      ["37828224631000", "incomplete_number"],
    ] as const) {
      expect(rules.numberFault(number)).toBe(fault);
    }
    const now = Date.UTC(2026, 10, 30) / 1000;
    for (const [digits, fault] of [
      ["", "incomplete_expiry"],
      ["112", "incomplete_expiry"],
      ["1025", "invalid_expiry_year_past"],
      ["1026", "invalid_expiry_month_past"],
      ["1126", null],
      ["0099", "invalid_expiry_month"],
      ["1176", null],
      ["1177", "invalid_expiry_year"],
    ] as const) {
      expect([digits, rules.expiryFault(digits, now)]).toEqual([digits, fault]);
    }
  });

  test("takes its shape while it is typed", () => {
    expect(
      ["1", "5", "12", "13", "1234", "12/2034", "12 / 34"].map((typed) =>
        rules.formatExpiry(rules.expiryDigits(typed)),
      ),
    ).toEqual(["1", "05 / ", "12 / ", "01 / 3", "12 / 34", "12 / 34", "12 / 34"]);
    expect(rules.formatExpiry("12", true)).toBe("12");
    expect(rules.formatNumber("42424")).toBe("4242 4");
    expect(rules.formatNumber("378282246310005")).toBe("3782 822463 10005");
  });
});

// https://docs.stripe.com/payments/3d-secure/authentication-flow
describe("closing the bank's page", () => {
  async function close(path: string, secret: string, headers: Record<string, string> = PAGE) {
    const body = new URLSearchParams({ client_secret: secret });
    const response = await fetch(`${local.server.url}/js/authentication/${path}`, {
      method: "POST",
      headers,
      body,
    });
    return { status: response.status, json: await response.json() };
  }

  test("is a refusal to authenticate, for who knows the intent's secret", async () => {
    const intent = await local.stripe.paymentIntents.create({
      amount: 2000,
      currency: "usd",
      payment_method: "pm_card_authenticationRequired",
      confirm: true,
      use_stripe_sdk: true,
    });
    const path = `payment_intents/${intent.id}`;
    expect((await close(path, "pi_x_secret_x")).status).toBe(400);
    expect((await close(path, String(intent.client_secret), {})).status).toBe(401);
    expect((await local.stripe.paymentIntents.retrieve(intent.id)).status).toBe("requires_action");
    const { status, json } = await close(path, String(intent.client_secret));
    const failure = { code: "payment_intent_authentication_failure" };
    expect([status, json]).toMatchObject([
      200,
      { status: "requires_payment_method", last_payment_error: failure },
    ]);
    expect(json).not.toHaveProperty("metadata");
  });

  test("comes too late once the bank has answered", async () => {
    const intent = await local.stripe.setupIntents.create({
      payment_method: "pm_card_authenticationRequired",
      confirm: true,
      use_stripe_sdk: true,
    });
    await local.lab("POST", `/intents/${intent.id}/authenticate`, { outcome: "succeeded" });
    const { json } = await close(`setup_intents/${intent.id}`, String(intent.client_secret));
    expect(json.status).toBe("succeeded");
  });
});
