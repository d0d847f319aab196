import type { Locator, Page } from "@playwright/test";

/** One plan's card on the pricing page. */
export function card(page: Page, name: string): Locator {
  return page.getByRole("article", { name });
}
