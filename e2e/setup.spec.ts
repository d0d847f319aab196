import type { Page } from "@playwright/test";
import { LOCAL_KEYS } from "@/lib/env";
import { expect, test } from "./test";

const SYSTEMS = ["postgres", "stripe", "catalogue", "redis", "mail", "ai_provider", "scheduler"];

const stateOf = (page: Page, system: string) => page.locator(`#${system} [data-state]`);

test("in local mode every system is checked and works, with words and the time of the check (criterion 24)", async ({
  page,
}) => {
  await page.goto("/setup");
  for (const system of SYSTEMS) {
    await expect(stateOf(page, system)).toHaveAttribute("data-state", "works");
    await expect(stateOf(page, system)).toContainText("Works");
    await expect(stateOf(page, system)).toContainText(/as of \d/);
  }
  await expect(stateOf(page, "sign_in")).toContainText("Off");
  await expect(stateOf(page, "postgres")).toContainText("0 to apply");
  await expect(stateOf(page, "stripe")).toContainText("the webhook endpoint leads here");
});

test("no secret stands on the page, in its data or in its scripts, whatever is configured (V15)", async ({
  page,
}) => {
  const bodies: string[] = [];
  page.on("response", async (response) => {
    // A redirect has no body.
    if (response.ok()) bodies.push(await response.text().catch(() => ""));
  });
  await page.goto("/setup");
  await expect(stateOf(page, "scheduler")).toBeVisible();
  await page.waitForLoadState("networkidle");
  bodies.push(await page.content());
  const { database, stripePublishableKey: _public, databaseName: _name, ...keys } = LOCAL_KEYS;
  const secrets = [database, ...Object.values(keys)];
  for (const body of bodies) for (const secret of secrets) expect(body).not.toContain(secret);
  expect(bodies.length).toBeGreaterThan(3);
});

test("what to paste where stands there without JavaScript, and the way to check again too", async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/setup");
  for (const text of [
    "STRIPE_WEBHOOK_SECRET",
    "/api/v1/webhooks/stripe",
    "invoice.payment_failed",
    "/api/auth/callback/github",
    "/api/auth/callback/google",
    "/api/cron/stripe-events",
    "Stripe dashboard, Developers, Webhooks",
  ]) {
    await expect(page.getByText(text).first()).toBeVisible();
  }
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page).toHaveURL(/\/setup\??$/);
  await context.close();
});

test("a block of all variables is copied whole, without a value", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/setup");
  await page.getByRole("button", { name: "Copy The whole .env" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^DATABASE_URL=$/m);
  expect(copied).toMatch(/^STRIPE_SECRET_KEY=$/m);
  expect(copied).not.toMatch(/^[A-Z_]+=.+$/m);
});

test("filling in moves nothing on the page (CLS ≤ 0.02)", async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto("/setup");
  for (const system of SYSTEMS) await expect(stateOf(page, system)).toBeVisible();
  const shift = await page.evaluate(() =>
    (window as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0),
  );
  expect(shift).toBeLessThanOrEqual(0.02);
});
