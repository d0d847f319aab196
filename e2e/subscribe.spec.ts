import type { Page } from "@playwright/test";
import { card } from "./pricing-page";
import { expect, signInAsNewPerson, signInFromMail, test } from "./test";

/** Fills in the local Stripe's page with a test card and presses its button. */
async function pay(page: Page, number: string): Promise<void> {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiry").fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Cardholder name").fill("Test Person");
  await page.getByRole("button", { name: /^(start trial|pay|subscribe)/i }).click();
}

test("a stranger chooses Community Pro, signs in by mail, is declined, pays, and is in trial (S1-101, S1-107..S1-110, S1-130)", async ({
  page,
  freshEmail,
}) => {
  await page.goto("/pricing");
  await card(page, "Community Pro").getByRole("link", { name: /trial/i }).click();
  await page.waitForURL("**/sign-in?**");
  await signInFromMail(page, freshEmail);

  // Back at exactly the plan that was chosen.
  await expect(page.getByRole("heading", { level: 1, name: "Subscribe to Community Pro" })).toBeVisible();
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.waitForURL("**/c/pay/**");
  await expect(page.getByText("Community Pro").first()).toBeVisible();
  await expect(page.getByText(/\$54\.00/).first()).toBeVisible();

  await pay(page, "4000 0000 0000 0002");
  await expect(page.getByText("Your card was declined.")).toBeVisible();
  const nothing = await (await page.request.get("/api/v1/billing/subscriptions")).json();
  expect(nothing.subscription).toBeNull();

  await pay(page, "4242 4242 4242 4242");
  await page.waitForURL("**/account/billing?session_id=**");
  await expect(page.getByText("Trial active")).toBeVisible();
  await expect(page.getByText("Community Pro").first()).toBeVisible();
  const inSevenDays = new Date(Date.now() + 7 * 86_400_000);
  const day = inSevenDays.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  await expect(page.getByText(`Next billing: ${day}`)).toBeVisible();

  await page.reload();
  await expect(page.getByText("Trial active")).toBeVisible();
  await page.goto("/pricing");
  await expect(card(page, "Community Pro").getByText("Current plan")).toBeVisible();
});

test("the state comes from the webhook alone, too: nobody returns from the payment page", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/subscribe?plan=pro-learn&interval=month&interval_count=3");
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.waitForURL("**/c/pay/**");
  await page.route("**/account/billing?session_id=**", (route) => route.abort());
  await pay(page, "4242 4242 4242 4242").catch(() => {});
  await expect(async () => {
    const state = await (await page.request.get("/api/v1/billing/subscriptions")).json();
    expect(state).toMatchObject({ plan: { slug: "pro-learn" }, subscription: { status: "active" } });
  }).toPass();
});

test("going back from the payment page leads to the plan that was chosen: nothing was charged (criterion 8)", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/pricing");
  await card(page, "Community Pro").getByRole("button", { name: /trial/i }).click();
  await page.waitForURL("**/c/pay/**");
  await page.getByRole("link", { name: /back/i }).first().click();
  await page.waitForURL("**/pricing?canceled=community-pro**");
  await expect(page.getByText("Nothing was charged")).toBeVisible();
});

test("two clicks within 50 ms make one checkout session (criterion 5)", async ({ page, freshEmail }) => {
  await signInAsNewPerson(page, freshEmail, "/pricing");
  const button = card(page, "Community Pro").getByRole("button", { name: /trial/i });
  await button.evaluate((element: HTMLElement) => {
    element.click();
    setTimeout(() => element.click(), 40);
  });
  await page.waitForURL("**/c/pay/**");
  const stripe = `http://127.0.0.1:${process.env.LOCAL_STRIPE_PORT}`;
  const headers = { authorization: "Bearer sk_test_local" };
  const id = page.url().split("/").at(-1);
  const session = await (await page.request.get(`${stripe}/v1/checkout/sessions/${id}`, { headers })).json();
  const all = await (
    await page.request.get(`${stripe}/v1/checkout/sessions?customer=${session.customer}`, { headers })
  ).json();
  expect(all.data).toHaveLength(1);
});

test("returning before Stripe confirmed says so, and after 15 seconds that it is safe to leave (criterion 6)", async ({
  page,
  freshEmail,
}) => {
  await page.clock.install();
  await signInAsNewPerson(page, freshEmail, "/pricing");
  await card(page, "Community Pro").getByRole("button", { name: /trial/i }).click();
  await page.waitForURL("**/c/pay/**");
  const session = page.url().split("/").at(-1) ?? "";
  // The redirect alone, without a payment: it must not be believed.
  await page.goto(`/account/billing?session_id=${session}`);
  const status = page.getByRole("status").filter({ hasText: "onfirming your payment" });
  await expect(status).toContainText("Confirming your payment…");
  // The page works once it has asked for the first time.
  await page.waitForResponse("**/api/v1/billing/subscriptions");
  await page.clock.fastForward(16_000);
  await expect(status).toContainText("It is safe to leave");
  await expect(status).toContainText(session.slice(-8));
  await expect(page.getByRole("link", { name: "See the plans" })).toHaveCount(0);
});

test("another customer's session changes and shows nothing (V7)", async ({ page, browser, freshEmail }) => {
  const payer = await browser.newPage();
  await signInAsNewPerson(
    payer,
    `payer-${freshEmail}`,
    "/subscribe?plan=pro-learn&interval=month&interval_count=3",
  );
  await payer.getByRole("button", { name: "Continue to payment" }).click();
  await payer.waitForURL("**/c/pay/**");
  await pay(payer, "4242 4242 4242 4242");
  await payer.waitForURL("**/account/billing?session_id=**");
  await expect(payer.getByText("Pro Learn").first()).toBeVisible();

  await signInAsNewPerson(page, freshEmail, "/account/billing");
  await page.goto(payer.url());
  await expect(page.getByText("Free / Explorer").first()).toBeVisible();
  await expect(page.getByText("Pro Learn")).toHaveCount(0);
  await payer.close();
});
