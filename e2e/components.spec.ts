import type { Page } from "@playwright/test";
import { findViolations, WCAG_AA } from "./find-violations";
import { expect, test } from "./test";

const LOOKS = [
  { width: 375, height: 812, colorScheme: "light" },
  { width: 375, height: 812, colorScheme: "dark" },
  { width: 1920, height: 1080, colorScheme: "light" },
  { width: 1920, height: 1080, colorScheme: "dark" },
] as const;

/** Whether the focus is somewhere inside. */
async function hasFocus(page: Page, role: "dialog" | "alertdialog"): Promise<boolean> {
  return page.getByRole(role).evaluate((element) => element.contains(document.activeElement));
}

for (const { width, height, colorScheme } of LOOKS) {
  test(`every component is accessible and fits at ${width} px, ${colorScheme}`, async ({ page }, info) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.goto("/dev/components");
    expect(await findViolations(page, WCAG_AA)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: info.outputPath("components.png"), fullPage: true });
  });
}

test.describe("components", () => {
  test.beforeEach(async ({ page }) => {
    await page.goto("/dev/components", { waitUntil: "networkidle" });
  });

  test("a dialog keeps the focus, closes by Escape, and gives the focus back", async ({ page }) => {
    const opener = page.getByRole("button", { name: "Rename key" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Rename key" })).toBeVisible();
    await expect(page.getByLabel("New name")).toBeFocused();
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press("Tab");
      // A guard at either end takes the focus for a moment and leads it back in.
      await expect.poll(() => hasFocus(page, "dialog"), { timeout: 1_000 }).toBe(true);
    }
    expect(await findViolations(page, WCAG_AA)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(opener).toBeFocused();
  });

  test("an alert dialog begins at the way back, says what went wrong, and closes once it is done", async ({
    page,
  }) => {
    await page.getByRole("button", { name: "Revoke, with trouble" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Revoke “Production”?" });
    await expect(dialog.getByRole("button", { name: "Keep it" })).toBeFocused();
    await dialog.getByRole("button", { name: "Revoke key" }).click();
    await expect(dialog.getByRole("alert")).toContainText("does not answer");
    await dialog.getByRole("button", { name: "Revoke key" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("dialog", { name: "Key revoked" })).toBeVisible();
  });

  test("a menu is moved in by arrow keys and letters, and gives the focus back", async ({ page }) => {
    const opener = page.getByRole("button", { name: "Actions" });
    await opener.focus();
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: "Copy id" })).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: "See the plans" })).toBeFocused();
    await page.keyboard.press("b");
    await expect(page.getByRole("menuitemradio", { name: "By name" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitemradio", { name: "By name" })).toBeChecked();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
    await expect(opener).toBeFocused();
  });

  test("tabs are one stop for the Tab key and moved in by arrow keys", async ({ page }) => {
    await page.getByRole("tab", { name: "curl" }).focus();
    await page.keyboard.press("ArrowRight");
    const next = page.getByRole("tab", { name: "Node.js" });
    await expect(next).toBeFocused();
    await expect(next).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("tabpanel")).toContainText("from Node.js");
    await page.keyboard.press("End");
    await expect(page.getByRole("tab", { name: "Python" })).toBeFocused();
  });

  test("a tooltip appears on focus too, and goes by Escape", async ({ page }) => {
    await page.getByRole("button", { name: "Actions" }).focus();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Copy id" })).toBeFocused();
    await expect(page.getByText("Copies the key’s id, not the key")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByText("Copies the key’s id, not the key")).toHaveCount(0);
  });

  test("what is copied is said, and selected where copying is not allowed", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const button = page.getByRole("button", { name: "Copy API key" });
    await button.click();
    await expect(page.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("tk_live_4f9b");

    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await button.click();
    await expect(page.getByRole("status").filter({ hasText: "Selected" })).toHaveCount(1);
    expect(await page.evaluate(() => String(window.getSelection()))).toContain("tk_live_4f9b");
  });

  test("a busy button keeps its size, its name and the focus", async ({ page }) => {
    const [idle, busy] = await Promise.all(
      [0, 1].map((index) =>
        page.getByRole("button", { name: "Save changes", exact: true }).nth(index).boundingBox(),
      ),
    );
    expect(busy?.width).toBe(idle?.width);
    expect(busy?.height).toBe(idle?.height);
    const button = page.getByRole("button", { name: "Save changes", exact: true }).nth(1);
    await expect(button).toHaveAttribute("aria-busy", "true");
    await button.focus();
    await expect(button).toBeFocused();
  });

  test("hint and error are tied to their control", async ({ page }) => {
    await expect(page.getByLabel("E-mail address")).toHaveAccessibleDescription(
      "This is not an e-mail address.",
    );
    await expect(page.getByLabel("E-mail address")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("Warn me at 80 %")).toHaveAccessibleDescription(
      "By e-mail, once per window.",
    );
    await expect(page.getByRole("group", { name: "Why you leave" })).toHaveAccessibleDescription(
      /It helps us.*Choose one/,
    );
  });

  test("meters say their value, their end and their state without colour (criterion 14)", async ({
    page,
  }) => {
    const meter = page.getByRole("meter", { name: "Tokens this month" });
    await expect(meter).toHaveAttribute("aria-valuenow", "50000");
    await expect(meter).toHaveAttribute("aria-valuemax", "50000");
    await expect(meter).toHaveAttribute("aria-valuetext", "50,000 of 50,000");
    await expect(page.getByText("Used up", { exact: true })).toBeVisible();
    await expect(page.getByText("Nearly used up")).toBeVisible();
  });
});

test("every target is at least 24 px high and wide (WCAG 2.5.8)", async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  await page.goto("/dev/components");
  const tooSmall = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input:not([type=hidden]), nav a")]
      .map((element) => ({ target: element.closest("label") ?? element, element }))
      // A checkbox, switch or radio button is also pressed by its label, which stands beside it.
      .filter(({ element }) => !element.matches("[type=checkbox], [type=radio]"))
      .map(({ target }) => ({
        html: target.outerHTML.slice(0, 120),
        ...target.getBoundingClientRect().toJSON(),
      }))
      .filter(({ width, height }) => width > 0 && (width < 24 || height < 24))
      .map(({ html, width, height }) => `${width}×${height} ${html}`),
  );
  expect(tooSmall).toEqual([]);
});

test("whoever asks for less motion gets none", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/dev/components", { waitUntil: "networkidle" });
  const durations = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
      return [animationName === "none" ? "0s" : animationDuration, ...transitionDuration.split(", ")];
    }),
  );
  expect(Math.max(...durations.map(Number.parseFloat))).toBeLessThan(0.001);
});
