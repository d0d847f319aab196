import { expect, test } from "vitest";
import { stripeJsSource } from "./stripe-js-source";

const KEYS = { secretKey: "sk_test_1", publishableKey: "pk_test_1", webhookSecret: "whsec_1" };

test("Stripe.js comes from the local Stripe only while that is the one configured", () => {
  expect(stripeJsSource({ ...KEYS, localUrl: "http://127.0.0.1:12111" })).toEqual({
    publishableKey: "pk_test_1",
    localScriptUrl: "http://127.0.0.1:12111/endive/stripe.js",
  });
  expect(stripeJsSource({ ...KEYS, localUrl: null })).toEqual({
    publishableKey: "pk_test_1",
    localScriptUrl: null,
  });
});

test("nothing secret goes to the browser with it", () => {
  expect(JSON.stringify(stripeJsSource({ ...KEYS, localUrl: null }))).not.toMatch(/sk_|whsec_/);
});
