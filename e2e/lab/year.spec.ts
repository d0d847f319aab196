import { expect, type Page, test } from "@playwright/test";
import type Stripe from "stripe";
import { findViolations } from "@/e2e/find-violations";
import { createPlan } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

/** A year moves the clock far, so it has a lab of its own. */
let local: TestStripe;
test.beforeAll(async () => {
  local = await startTestStripe();
});
test.afterAll(() => local.server.close());

const EMAIL = "grace@lab.test";

test("a year in the life of one customer is clicked through, and its recording gives the same year again", async ({
  page,
}) => {
  test.setTimeout(60_000);
  const { stripe, lab } = local;
  await lab("POST", "/recording");
  const month = { recurring: { interval: "month" } } as const;
  const basic = await createPlan(stripe, { ...month, unit_amount: 1900 });
  const dear = await createPlan(stripe, { ...month, unit_amount: 4900, product: String(basic.product) });

  await test.step("subscribes on the checkout page, on trial", async () => {
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: basic.id, quantity: 1 }],
      subscription_data: { trial_period_days: 14 },
      success_url: `${local.server.url}/dashboard/customers`,
    });
    await page.goto(String(session.url));
    await page.getByLabel("Email").fill(EMAIL);
    await typeCard(page);
    await page.getByRole("button", { name: "Start trial" }).click();
    await openCustomer(page);
    await expect(page.getByText("trialing")).toBeVisible();
    await photograph(page, "1-trial");
  });

  await test.step("pays after the trial, and once more a month later", async () => {
    await jump(page, "Jump to the trial's end");
    await expect(page.getByText("active").first()).toBeVisible();
    await jump(page, "Jump to the next renewal");
    await expect(page.getByText(/of \$19\.00: paid/)).toHaveCount(2);
  });

  await test.step("has a card that fails, and recovers when it is tried again", async () => {
    await page.getByLabel("Reason").first().selectOption("insufficient_funds");
    await page.getByRole("button", { name: "Decline it" }).click();
    await jump(page, "Jump to the next renewal");
    await expect(page.getByText("past_due")).toBeVisible();
    await expect(page.getByText("declined, insufficient_funds")).toBeVisible();
    await photograph(page, "2-past-due");
    await jump(page, "Jump to the end of retries");
    await expect(page.getByText("past_due")).toBeHidden();
    await expect(page.getByText(/of \$19\.00: paid/)).toHaveCount(3);
  });

  const customer = page.url().split("/").at(-1)?.split("?")[0] ?? "";
  const portal = await openPortal(stripe, customer, [basic, dear]);

  await test.step("upgrades in the portal", async () => {
    await page.goto(portal);
    await page.getByRole("link", { name: "Change plan" }).click();
    await page.getByRole("button", { name: /Choose: .*\$49\.00/ }).click();
    await expect(page.getByText("Due today")).toBeVisible();
    await photograph(page, "3-upgrade");
    await page.getByRole("button", { name: "Confirm" }).click();
    await expect(page.getByRole("status")).toHaveText("Your subscription was updated.");
  });

  await test.step("gets a payment back, and disputes another, which is lost", async () => {
    await openCustomer(page);
    await page.getByRole("button", { name: "Refund" }).last().click();
    await expect(page.getByRole("status")).toContainText("Refunded $19.00");
    await page.getByRole("button", { name: "Dispute" }).first().click();
    await expect(page.getByRole("status")).toContainText("dispute");
    await jump(page, "Jump to the next renewal");
    const [dispute] = (await stripe.disputes.list()).data;
    expect(dispute?.status).toBe("lost");
    await photograph(page, "4-disputed");
  });

  await test.step("cancels, and is let go at the period's end", async () => {
    await page.goto(await openPortal(stripe, customer, [basic, dear]));
    await page.getByRole("link", { name: "Cancel plan" }).click();
    await page.getByRole("button", { name: "Cancel plan" }).click();
    await openCustomer(page);
    await jump(page, "Jump to the next renewal");
    await expect(page.getByText("canceled", { exact: true })).toBeVisible();
    await photograph(page, "5-canceled");
  });

  await test.step("the recording, replayed elsewhere, ends in the same state", async () => {
    const { json } = await lab("DELETE", "/recording");
    const other = await startTestStripe();
    const replay = await other.lab("POST", "/replay", { scenario: json.scenario });
    expect(replay.json.differences).toEqual([]);
    expect(await tell(other.stripe)).toEqual(await tell(stripe));
    await other.server.close();
  });
});

async function typeCard(page: Page): Promise<void> {
  await page.getByLabel("Card number").fill("4242 4242 4242 4242");
  await page.getByLabel("Expiry (MM / YY)").fill("12 / 40");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Cardholder name").fill("Grace Hopper");
}

async function openCustomer(page: Page): Promise<void> {
  await page.goto(`${local.server.url}/dashboard/customers?q=${EMAIL}`);
  await page.getByRole("link", { name: EMAIL }).click();
  await expect(page.getByRole("heading", { name: EMAIL })).toBeVisible();
}

/** Long jumps have a page of their own while they go on. */
async function jump(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  const goOn = page.getByRole("link", { name: "Go on" });
  await expect(page.getByText("The clock moved.").or(goOn).first()).toBeVisible();
  if (await goOn.isVisible()) await goOn.click();
}

async function openPortal(stripe: Stripe, customer: string, prices: Stripe.Price[]): Promise<string> {
  const products = [{ product: String(prices[0]?.product), prices: prices.map(({ id }) => id) }];
  const configuration = await stripe.billingPortal.configurations.create({
    features: {
      invoice_history: { enabled: true },
      subscription_cancel: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        proration_behavior: "always_invoice",
        products,
      },
    },
  });
  const session = await stripe.billingPortal.sessions.create({ customer, configuration: configuration.id });
  return session.url;
}

/** Each page of the year is looked at as it is, by people and by axe. */
async function photograph(page: Page, name: string): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
  await page.screenshot({ path: `screenshots/lab-year-${name}.png`, fullPage: true });
}

/** What the year left, without ids. */
async function tell(stripe: Stripe): Promise<unknown> {
  const [subscriptions, invoices, charges, refunds, money] = await Promise.all([
    stripe.subscriptions.list({ status: "all" }),
    stripe.invoices.list({ limit: 100 }),
    stripe.charges.list({ limit: 100 }),
    stripe.refunds.list(),
    stripe.balanceTransactions.list({ limit: 100 }),
  ]);
  return {
    subscriptions: subscriptions.data.map((one) => [one.status, one.created, one.ended_at]),
    invoices: invoices.data.map((one) => [one.status, one.total, one.created, one.attempt_count]),
    charges: charges.data.map((one) => [one.status, one.amount, one.created, one.disputed]),
    refunds: refunds.data.map((one) => [one.status, one.amount]),
    money: money.data.map((one) => [one.type, one.net, one.created]),
  };
}
