import { gzipSync } from "node:zlib";
import { PAGES } from "./access-table";
import { findViolations, WCAG_AA } from "./find-violations";
import { expect, test } from "./test";

/** What a page needs in its address to show what it is for. */
const QUERIES: Record<string, string> = {
  "/sign-in/confirm": "?token=x&email=a%40b.test",
  "/confirm-email": "?token=x",
  "/subscribe": "?plan=community-pro&interval=month&interval_count=3",
};
/** Has bought nothing. */
const ADMIN = "admin@demo.test";
/** Whose eyes a page is seen with that one must be signed in for: the admin's unless said. */
const ACCOUNTS: Record<string, string[]> = {
  "/account/billing": [ADMIN, "pro@demo.test", "pastdue@demo.test"],
};
/** Every page of the build (e2e/access.spec.ts keeps the table whole), and one that is not there. */
const ALL_PAGES = [...Object.entries(PAGES), ["/no-such-page", "anybody"] as const];
const ALL_VIEWS = ALL_PAGES
  // Photographed and checked by e2e/components.spec.ts, which takes its time.
  .filter(([path]) => path !== "/dev/components")
  .flatMap(([path, audience]) => {
    const accounts = audience === "anybody" ? [null] : (ACCOUNTS[path] ?? [ADMIN]);
    return accounts.map((account) => ({ path, account }));
  });

/** Two looks in `npm test`; `npm test -- --only=e2e --all-looks` takes all six. */
const LOOKS = [
  { width: 375, height: 812, colorScheme: "light" },
  { width: 1920, height: 1080, colorScheme: "dark" },
  ...(process.env.ALL_LOOKS
    ? ([
        { width: 375, height: 812, colorScheme: "dark" },
        { width: 768, height: 1024, colorScheme: "light" },
        { width: 768, height: 1024, colorScheme: "dark" },
        { width: 1920, height: 1080, colorScheme: "light" },
      ] as const)
    : []),
] as const;

/** Next and React alone are 137 kB of it; what is ours must not grow unseen. */
const MAX_SCRIPT_BYTES = 153_000;

for (const { width, height, colorScheme } of LOOKS) {
  test.describe(`at ${width} px, ${colorScheme} (criterion 25, S1-104)`, () => {
    test.use({ viewport: { width, height }, colorScheme });

    for (const { path, account } of ALL_VIEWS) {
      const whose = account && account !== ADMIN ? ` of ${account}` : "";
      test(`${path}${whose} is accessible, fits, stays still, and has one heading`, async ({
        page,
        demoCookies,
      }) => {
        if (account) await page.context().addCookies(await demoCookies(account));
        await page.addInitScript(() => {
          const seen = window as unknown as { layoutShift: number };
          seen.layoutShift = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & {
              value: number;
              hadRecentInput: boolean;
            })[])
              if (!entry.hadRecentInput) seen.layoutShift += entry.value;
          }).observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(`${path}${QUERIES[path] ?? ""}`);
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        expect(await findViolations(page, WCAG_AA)).toEqual([]);
        const shift = await page.evaluate(() => (window as unknown as { layoutShift: number }).layoutShift);
        expect(shift).toBeLessThanOrEqual(0.02);
        const name = `${path}${whose}`.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "home";
        await page.screenshot({ path: `screenshots/${name}-${width}-${colorScheme}.png`, fullPage: true });
      });
    }
  });
}

for (const path of ["/", "/pricing"]) {
  test(`${path} ships no more script than it did (B17)`, async ({ page }) => {
    const scripts: Promise<number>[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() === "script")
        scripts.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto(path, { waitUntil: "networkidle" });
    const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
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
