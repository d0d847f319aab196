import { card } from "./pricing-page";
import { expect, signInAsNewPerson, test } from "./test";

/** Faults hit whoever calls next, so these run alone, after all others. */
test("while Stripe is down the page says so and a second try succeeds", async ({ page, freshEmail }) => {
  await signInAsNewPerson(page, freshEmail, "/pricing");
  const stripe = `http://127.0.0.1:${process.env.LOCAL_STRIPE_PORT}`;
  const headers = { authorization: "Bearer sk_test_local" };
  await page.request.post(`${stripe}/lab/faults`, {
    headers,
    // As many as it takes: what the app sends again by itself meanwhile meets some of them.
    data: { route: "POST /v1/customers", status: 500, count: 50 },
  });
  const button = card(page, "Community Pro").getByRole("button", { name: /trial/i });
  await button.click();
  await expect(
    page.getByText("The payment service does not answer at the moment.", { exact: false }),
  ).toBeVisible();
  await page.request.delete(`${stripe}/lab/faults`, { headers });
  await button.click();
  await page.waitForURL("**/c/pay/**");
});
