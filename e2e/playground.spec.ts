import type { Page } from "@playwright/test";
import { expect, signInAsNewPerson, test } from "./test";

const box = (page: Page) => page.getByLabel("Your message");

async function ask(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press("Enter");
}

/** Waits until the answer under way is whole. */
async function answered(page: Page): Promise<void> {
  await expect(page.getByRole("log")).toHaveAttribute("aria-busy", "false");
}

test("a free user asks three times and sees the count; the fourth is explained and the question kept (S1-94, S1-123)", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/playground");
  await expect(page.getByText("0 of 3 AI requests today")).toBeVisible();
  for (const count of [1, 2, 3]) {
    await ask(page, `Question ${count}`);
    await expect(page.getByRole("log").getByText(`You asked: “Question ${count}”`)).toBeVisible();
    await expect(page.getByText(`${count} of 3 AI requests today`)).toBeVisible();
    await answered(page);
  }
  const refused = page.waitForResponse("**/api/ai/chat");
  await ask(page, "Question 4");
  const response = await refused;
  expect(response.status()).toBe(403);
  expect(await response.json()).toMatchObject({
    title: "Upgrade or buy tokens",
    code: "limit_reached",
    meter: "ai_requests",
    limit: 3,
    used: 3,
    suggestion: { plan: "community-pro" },
  });
  const alert = page.getByRole("alert").filter({ hasText: "Upgrade or buy tokens" });
  await expect(alert).toContainText("3 of 3 AI requests");
  await expect(box(page)).toHaveValue("Question 4");
  await alert.getByRole("link", { name: "See Community Pro" }).click();
  await page.waitForURL("**/pricing#community-pro");
});

test("what the catalogue offers beside the chat counts at the press of a button, up to the limit (S1-06, S1-94)", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/playground");
  const offered = page.getByRole("region", { name: "To be tried at once" });
  for (const count of [1, 2, 3]) {
    await offered.getByRole("button", { name: "Upload with AI help" }).click();
    await expect(offered.getByText(`${count} of 3`)).toBeVisible();
  }
  await offered.getByRole("button", { name: "Upload with AI help" }).click();
  await expect(offered.getByRole("alert")).toContainText("Upgrade or buy tokens");
  await expect(offered.getByText("3 of 3")).toBeVisible();
});

test("stopping keeps what was said, counts it, and leaves nothing held (criterion 18)", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/playground");
  await ask(page, "Tell me something long");
  await expect(page.getByRole("log").getByText("You asked:")).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("log").getByText("You asked:")).toBeVisible();
  await expect(async () => {
    const usage = await (await page.request.get("/api/v1/billing/usage")).json();
    expect(usage.meters[0].windows[0]).toMatchObject({ used: 1, held: 0 });
  }).toPass();
});

test("an answer that breaks off keeps its words and offers to ask again", async ({ page, freshEmail }) => {
  await signInAsNewPerson(page, freshEmail, "/playground");
  await ask(page, "[fail]");
  await expect(page.getByRole("alert").filter({ hasText: "The answer broke off" })).toBeVisible();
  await expect(page.getByRole("log").getByText("You asked:")).toBeVisible();
  await expect(page.getByText("1 of 3 AI requests today")).toBeVisible();
});
