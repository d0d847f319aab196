import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const LAMP: Stripe.Checkout.SessionCreateParams.LineItem[] = [
  { price_data: { currency: "usd", unit_amount: 2000, product_data: { name: "Lamp" } }, quantity: 1 },
];

function create(params: Partial<Stripe.Checkout.SessionCreateParams> = {}): Promise<Stripe.Checkout.Session> {
  return local.stripe.checkout.sessions.create({
    mode: "payment",
    ui_mode: "embedded_page",
    line_items: LAMP,
    return_url: "https://shop.test/done?session={CHECKOUT_SESSION_ID}",
    ...params,
  });
}

function post(session: Stripe.Checkout.Session, number: string): Promise<Response> {
  return local.raw(`/c/pay/${session.client_secret}`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({
      email: "ada@example.test",
      number,
      expiry: "12 / 40",
      cvc: "123",
      name: "Ada",
    }),
  });
}

// https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-ui_mode
describe("an embedded session", () => {
  test("has a client secret and no URL", async () => {
    const session = await create();
    expect(session).toMatchObject({
      ui_mode: "embedded_page",
      url: null,
      client_secret: expect.stringMatching(new RegExp(`^${session.id}_secret_\\w{25}$`)),
      redirect_on_completion: "always",
      return_url: "https://shop.test/done?session={CHECKOUT_SESSION_ID}",
      success_url: null,
      cancel_url: null,
    });
    expect(await local.stripe.checkout.sessions.retrieve(session.id)).toEqual(session);
  });

  // https://docs.stripe.com/payments/checkout/custom-success-page?payment-ui=embedded-page
  test("takes a return URL in place of a success URL, and none where it never redirects", async () => {
    for (const [params, param, code] of [
      [{ return_url: undefined }, "return_url", "parameter_missing"],
      [{ return_url: "done" }, "return_url", "url_invalid"],
      [{ success_url: "https://shop.test/done" }, "success_url", undefined],
      [{ cancel_url: "https://shop.test/" }, "cancel_url", undefined],
      [{ after_expiration: { recovery: { enabled: true } } }, "after_expiration", "not_simulated"],
      [{ ui_mode: "elements" }, "ui_mode", "not_simulated"],
      [{ ui_mode: "form" }, "ui_mode", "not_simulated"],
    ] as const) {
      const refused = await refusalOf(create(params));
      expect([refused.statusCode, refused.param, refused.code]).toEqual([400, param, code]);
    }
    const hosted = { ui_mode: "hosted_page", success_url: "https://shop.test/done" } as const;
    expect((await refusalOf(create(hosted))).param).toBe("return_url");
    const staying = { redirect_on_completion: "never", return_url: undefined } as const;
    expect(await create(staying)).toMatchObject({ redirect_on_completion: "never" });
  });

  test("is paid on its page, once, and tells its script where to go on", async () => {
    const session = await create();
    const paid = await post(session, "4242424242424242");
    expect([paid.status, paid.headers.get("location")]).toEqual([303, `/c/pay/${session.client_secret}`]);
    const again = await post(session, "4242424242424242");
    expect(again.status).toBe(303);
    const page = await (await local.raw(`/c/pay/${session.client_secret}`)).text();
    expect(page).toContain('data-is-complete="true"');
    expect(page).toContain(`data-return-url="https://shop.test/done?session=${session.id}"`);
    const after = await local.stripe.checkout.sessions.retrieve(session.id);
    expect(after).toMatchObject({ status: "complete", payment_status: "paid" });
    const { data } = await local.stripe.paymentIntents.list();
    expect(data).toHaveLength(1);
  });

  test("leads back from the bank's page into its frame", async () => {
    const session = await create();
    const asked = await post(session, "4000002760003184");
    const challenge = String(asked.headers.get("location"));
    expect(challenge).toMatch(/^\/3ds\/pi_/);
    const body = new URLSearchParams({ outcome: "succeeded" });
    const answered = await local.raw(challenge, { method: "POST", redirect: "manual", body });
    expect(answered.headers.get("location")).toContain(`/c/pay/${session.client_secret}?payment_intent=`);
    const page = await (await fetch(String(answered.headers.get("location")))).text();
    expect(page).toContain('data-is-complete="true"');
  });

  test("opens to its client secret alone", async () => {
    const session = await create();
    for (const name of [session.id, `${session.client_secret}x`, `${session.id}_secret_`]) {
      expect((await local.raw(`/c/pay/${name}`)).status).toBe(404);
    }
    const page = { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripePublishableKey}` };
    const find = (secret: unknown) =>
      fetch(`${local.server.url}/js/checkout?client_secret=${secret}`, { headers: page });
    expect((await find(session.client_secret)).status).toBe(200);
    expect((await find(session.id)).status).toBe(404);
    const hosted = await local.stripe.checkout.sessions.create({
      mode: "payment",
      line_items: LAMP,
      success_url: "https://shop.test/",
    });
    expect((await find(null)).status).toBe(404);
    expect((await find(hosted.id)).status).toBe(404);
  });
});
