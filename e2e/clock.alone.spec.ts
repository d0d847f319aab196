import { expect, signInAsNewPerson, test } from "./test";

/** The clock moves for everybody, so this runs alone, after all others. */
test("moving the local Stripe's clock by a day opens a new day in the app", async ({ page, freshEmail }) => {
  await signInAsNewPerson(page, freshEmail, "/account/billing");
  const origin = new URL(page.url()).origin;
  const record = async () => {
    const data = { meter: "ai_requests", quantity: 3 };
    return (await page.request.post("/api/v1/billing/usage/record", { data, headers: { origin } })).status();
  };
  expect(await record()).toBe(200);
  expect(await record()).toBe(403);

  const stripe = `http://127.0.0.1:${process.env.LOCAL_STRIPE_PORT}`;
  const headers = { authorization: "Bearer sk_test_local" };
  const moved = await page.request.post(`${stripe}/lab/clock`, { headers, data: { advance_ms: 86_400_000 } });
  expect(moved.status()).toBe(200);

  // The move was answered when the app had it: no waiting. Sign-in sessions are on the wall clock and go on.
  expect(await record()).toBe(200);
  const usage = await (await page.request.get("/api/v1/billing/usage")).json();
  expect(new Date(usage.as_of).getTime() - Date.now()).toBeGreaterThan(86_000_000);
});
