import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./test";

const PAGES = [
  "/",
  "/pricing",
  "/sign-in",
  "/sign-in/confirm?token=x&email=a%40b.test",
  "/confirm-email?token=x",
  "/setup",
  "/no-such-page",
  "/offline",
  "/maintenance",
];
const SIGNED_IN_PAGES = [
  "/account/billing",
  "/account/api-keys",
  "/account/security",
  "/admin/api-keys",
  "/playground",
  "/subscribe?plan=community-pro&interval=month&interval_count=3",
];
const LOOKS = [
  { width: 375, height: 812, colorScheme: "light" },
  { width: 1920, height: 1080, colorScheme: "dark" },
] as const;

for (const { width, height, colorScheme } of LOOKS) {
  test.describe(`at ${width} px, ${colorScheme} (criterion 25, S1-104)`, () => {
    test.use({ viewport: { width, height }, colorScheme });

    for (const path of [...PAGES, ...SIGNED_IN_PAGES]) {
      test(`${path} is accessible, fits, and has one heading`, async ({ page }, info) => {
        if (SIGNED_IN_PAGES.includes(path)) {
          await page.goto("/sign-in");
          await page.getByRole("button", { name: /admin@demo\.test/ }).click();
          await page.waitForURL("**/account/billing");
        }
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
          .analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        await page.screenshot({ path: info.outputPath("page.png"), fullPage: true });
      });
    }
  });
}

test("pricing works without JavaScript: every plan's name, price and interval, and a title (criterion 1, S1-103)", async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/pricing");
  for (const name of ["Free / Explorer", "Community Pro", "Pro Learn", "Creator / Mentor"]) {
    await expect(page.getByRole("article", { name })).toBeVisible();
  }
  const pro = page.getByRole("article", { name: "Community Pro" });
  await expect(pro).toContainText("$54");
  await expect(pro).toContainText("quarter");
  await expect(pro).toContainText("$18");
  await expect(page.getByRole("article", { name: "Pro Learn" })).toContainText("$105");
  await expect(page).toHaveTitle(/pricing/i);
  await context.close();
});
