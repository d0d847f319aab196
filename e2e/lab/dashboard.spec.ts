import { expect, test } from "@playwright/test";
import { findViolations } from "@/e2e/find-violations";
import { createSubscriber, LAB } from "./create-subscriber";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 375, height: 812 } });

    test("an event is found, looked into and sent again", async ({ page }) => {
      const email = `events-${colorScheme}-${Date.now()}@lab.test`;
      const id = await createSubscriber(email);
      await page.goto(`${LAB}/dashboard/customers?q=${encodeURIComponent(email)}`);
      await page.getByRole("link", { name: email }).click();
      await expect(page.getByRole("heading", { name: email })).toBeVisible();
      await expect(page.getByText("will renew subscription")).toBeVisible();
      expect(await findViolations(page)).toEqual([]);

      await page.getByRole("link", { name: "Events" }).click();
      await page.getByLabel("Type").fill("customer.created");
      await page.getByRole("button", { name: "Filter" }).click();
      await page
        .getByRole("row")
        .filter({ hasText: id })
        .getByRole("link", { name: "customer.created" })
        .click();
      await page.getByRole("button", { name: "Send again" }).click();
      await expect(page.getByRole("status")).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
    });
  });
}
