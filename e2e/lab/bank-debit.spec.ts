import { expect, test } from "@playwright/test";
import { findViolations } from "@/e2e/find-violations";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

/** The clock jumps days ahead, so the lab is its own. */
let local: TestStripe;
test.beforeAll(async () => {
  local = await startTestStripe();
});
test.afterAll(() => local.server.close());

test("a checkout paid by bank debit is paid days later, and the dashboard shows both", async ({ page }) => {
  const { stripe, server } = local;
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    customer_creation: "always",
    line_items: [
      { quantity: 1, price_data: { currency: "usd", unit_amount: 2500, product_data: { name: "Guide" } } },
    ],
    allowed_payment_method_types: ["card", "us_bank_account"],
    success_url: `${server.url}/dashboard/payments?paid={CHECKOUT_SESSION_ID}`,
  });
  await page.goto(String(session.url));
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel("Email").fill("grace@lab.test");
  await page.getByLabel("Test account").selectOption("•••• 6789: succeeds");
  await page.getByRole("button", { name: "Pay by bank debit" }).click();
  await expect(page).toHaveURL(new RegExp(`paid=${session.id}$`));
  await expect(page.getByText("processing", { exact: true })).toBeVisible();
  expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("unpaid");

  await page.goto(server.url);
  await page.getByLabel("By").selectOption("a week");
  await page.getByRole("button", { name: "Move on" }).click();
  await expect(page.getByText("The clock moved.")).toBeVisible();
  await page.goto(`${server.url}/dashboard/payments`);
  await expect(page.getByText("succeeded", { exact: true })).toBeVisible();
  expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
  const told = await stripe.events.list({ type: "checkout.session.async_payment_succeeded" });
  expect(told.data).toHaveLength(1);
});
