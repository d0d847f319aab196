import { expect, test } from "./test";

/** Faults hit whoever calls next, so this runs alone. */
test("a system that fails turns red with the way on, and green by itself once it is back", async ({
  page,
}) => {
  const stripe = `http://127.0.0.1:${process.env.LOCAL_STRIPE_PORT}`;
  const headers = { authorization: "Bearer sk_test_local" };
  const state = page.locator("#stripe [data-state]");
  await page.goto("/setup");
  await expect(state).toHaveAttribute("data-state", "works");
  const before = await state.locator("time").getAttribute("datetime");

  await page.request.post(`${stripe}/lab/faults`, {
    headers,
    data: { route: "GET /v1/balance", status: 500, count: 1 },
  });
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(state).toHaveAttribute("data-state", "failed");
  await expect(state).toContainText("Does not work");
  await expect(state).toContainText("Stripe does not answer.");
  await expect(page.locator("#postgres [data-state]")).toHaveAttribute("data-state", "works");

  // Nobody presses anything: the page asks again within ten seconds.
  await expect(state).toHaveAttribute("data-state", "works", { timeout: 15_000 });
  expect(await state.locator("time").getAttribute("datetime")).not.toBe(before);
});
