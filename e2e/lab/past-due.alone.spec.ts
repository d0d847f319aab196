import { expect, test } from "@playwright/test";
import { findViolations } from "@/e2e/find-violations";
import { createSubscriber, LAB } from "./create-subscriber";

/** The clock moves for everybody, so this runs alone, after all others. */
for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("the next charge is failed, the clock jumps to the renewal, and the subscription is past due", async ({
      page,
    }) => {
      const email = `past-due-${colorScheme}-${Date.now()}@lab.test`;
      await createSubscriber(email);
      await page.goto(LAB);
      await page.getByRole("link", { name: "Customers", exact: true }).click();
      await page.getByLabel("E-mail, name or id").fill(email);
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("link", { name: email }).click();

      await page.getByLabel("Reason", { exact: true }).selectOption("insufficient_funds");
      await page.getByRole("button", { name: "Decline it" }).click();
      await expect(page.getByRole("status")).toContainText("insufficient_funds");
      await page.getByRole("button", { name: "Jump to the next renewal" }).click();
      const goOn = page.getByRole("link", { name: "Go on" });
      await expect(page.getByText("past_due").or(goOn).first()).toBeVisible();
      if (await goOn.isVisible()) await goOn.click();
      await expect(page.getByText("past_due")).toBeVisible();
      await expect(page.getByText("declined, insufficient_funds")).toBeVisible();
      await expect(page.getByRole("button", { name: "Jump to the end of retries" })).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
    });
  });
}
