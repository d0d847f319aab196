import type { Page } from "@playwright/test";
import { findViolations, WCAG_AA } from "./find-violations";
import { expect, signInAsNewPerson, test } from "./test";

async function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

test.describe("the theme", () => {
  test("follows the system until the reader decides", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("/");
    const light = await background(page);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await background(page)).not.toBe(light);
    await expect(page.getByRole("radio", { name: "System" })).toBeChecked();
  });

  test("once chosen stands in the first HTML of every page, so none flashes", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("/", { waitUntil: "networkidle" });
    const light = await background(page);
    await page.getByRole("radio", { name: "Dark" }).check();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    const dark = await background(page);
    expect(dark).not.toBe(light);

    for (const path of ["/", "/pricing", "/sign-in", "/setup", "/no-such-page"]) {
      const html = await (await page.request.get(path)).text();
      expect(html.slice(0, html.indexOf(">", html.indexOf("<html")))).toContain('data-theme="dark"');
    }
    await page.reload();
    expect(await background(page)).toBe(dark);
    await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();

    await page.getByRole("radio", { name: "System" }).check();
    await page.reload();
    expect(await background(page)).toBe(light);
  });

  test("is the same in the account menu", async ({ page, freshEmail }) => {
    await signInAsNewPerson(page, freshEmail, "/account/billing");
    await page.getByRole("button", { name: "Account menu" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.goto("/pricing");
    await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
  });

  test("is not believed when the cookie is no theme", async ({ page, context, baseURL }) => {
    await context.addCookies([{ name: "theme", value: "x%22%20onload%3D", url: baseURL ?? "" }]);
    await page.goto("/");
    await expect(page.locator("html")).not.toHaveAttribute("data-theme", /.*/);
  });
});

test("on a phone the navigation is opened, moved in and left by keyboard, and the page never scrolls sideways", async ({
  page,
  freshEmail,
}) => {
  await page.setViewportSize({ width: 375, height: 812 });
  await signInAsNewPerson(page, freshEmail, "/account/billing");
  const opener = page.getByRole("button", { name: "Open navigation" });
  await expect(async () => {
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Navigation" })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const drawer = page.getByRole("dialog", { name: "Navigation" });
  await expect(drawer.getByRole("link", { name: "Billing" })).toHaveAttribute("aria-current", "page");
  expect(await findViolations(page, WCAG_AA)).toEqual([]);

  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();

  await page.keyboard.press("Enter");
  await drawer.getByRole("link", { name: "Playground" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/playground");
  await expect(drawer).toHaveCount(0);

  for (const path of ["/", "/pricing", "/account/billing", "/playground", "/offline", "/maintenance"]) {
    await page.goto(path);
    for (const width of [320, 375, 768]) {
      await page.setViewportSize({ width, height: 812 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});

test("the keyboard's first stop leads past the frame to the content", async ({ page, freshEmail }) => {
  await signInAsNewPerson(page, freshEmail, "/account/billing");
  await page.reload();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("a customer sees no platform links, and the usage of the plan's fullest limit (S0-58)", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/account/billing");
  const usage = page.getByRole("region", { name: "Usage of your plan" });
  await expect(usage.getByRole("meter", { name: "AI requests today" })).toHaveAttribute(
    "aria-valuetext",
    "0 of 3",
  );
  await expect(usage.getByRole("link", { name: "Upgrade" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Platform keys" })).toHaveCount(0);

  const data = { meter: "ai_requests", quantity: 3 };
  const { origin } = new URL(page.url());
  await page.request.post("/api/v1/billing/usage/record", { data, headers: { origin } });
  await page.reload();
  await expect(usage).toContainText("Used up");
  await usage.getByRole("link", { name: "Upgrade" }).click();
  await page.waitForURL("**/pricing");
});

test("a platform admin has the platform's pages beside their own", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /admin@demo\.test/ }).click();
  await page.waitForURL("**/account/billing");
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Platform keys" })).toBeVisible();
  await navigation.getByRole("link", { name: "Set-up" }).click();
  await page.waitForURL("**/setup");
  await expect(navigation.getByRole("link", { name: "Set-up" })).toHaveAttribute("aria-current", "page");
});

test("who loses the connection is told, for as long as it is gone", async ({ page, context }) => {
  await page.goto("/", { waitUntil: "networkidle" });
  await context.setOffline(true);
  await expect(page.getByRole("status").filter({ hasText: "You are offline" })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline")).toHaveCount(0);
});

test("the pages anybody sees load nothing that only customers need", async ({ page }) => {
  for (const path of ["/", "/pricing"]) {
    const html = await (await page.request.get(path)).text();
    const scripts = new Set([...html.matchAll(/\/_next\/static\/[^"'\\ ]+\.js/g)].map(([script]) => script));
    expect(scripts.size).toBeGreaterThan(0);
    for (const script of scripts) {
      // `npm run dev` adds Next's own tools, which happen to be built with it.
      if (script.includes("next-devtools")) continue;
      const code = await (await page.request.get(script)).text();
      expect(code.includes("base-ui"), `${path} loads Base UI in ${script}`).toBe(false);
    }
  }
});
