import { expect, type Page, test } from "@playwright/test";
import Stripe from "stripe";
import { findViolations } from "@/e2e/find-violations";
import { createSubscriber } from "./create-subscriber";

const stripe = new Stripe("sk_test_local", {
  host: "127.0.0.1",
  port: Number(process.env.LOCAL_STRIPE_PORT),
  protocol: "http",
});

async function checkPage(page: Page): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 375, height: 812 } });

    test("a receipt leads to its invoice, which gives both and the credit note to download", async ({
      page,
    }) => {
      const customer = await createSubscriber(`documents-${colorScheme}-${Date.now()}@lab.test`);
      const [charge] = (await stripe.charges.list({ customer })).data;
      const [invoice] = (await stripe.invoices.list({ customer })).data;
      if (!charge || !invoice) throw new Error("The subscription was not paid.");
      const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 250, refund_amount: 250 });

      await page.goto(charge.receipt_url ?? "");
      await expect(page.getByText("$9.00 paid on")).toBeVisible();
      await expect(page.getByText("Visa ···· 4242")).toBeVisible();
      await expect(page.getByRole("table", { name: "Refunds" })).toContainText("$2.50");
      await checkPage(page);

      await page.keyboard.press("Tab");
      await expect(page.getByRole("link", { name: "Download receipt" })).toBeFocused();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { name: "$9.00 paid" })).toBeVisible();
      await checkPage(page);
      for (const name of [note.number, "Download invoice", "Download receipt"]) {
        const path = await page.getByRole("link", { name }).getAttribute("href");
        const answer = await page.request.get(new URL(path ?? "", page.url()).href);
        expect(answer.headers()["content-type"]).toBe("application/pdf");
      }

      await page.goto(`${charge.receipt_url}x`);
      await expect(page.getByRole("heading", { name: "Receipt not found" })).toBeVisible();
      await checkPage(page);
    });
  });
}
