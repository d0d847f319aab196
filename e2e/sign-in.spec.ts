import { expect, signInAsNewPerson, signInLinkFor, test } from "./test";

test("a sign-in link works once, and opening it without the button uses nothing up", async ({
  page,
  browser,
  freshEmail,
}) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(freshEmail.toUpperCase());
  await page.getByRole("button", { name: "Send me a sign-in link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Check your mail" })).toBeVisible();
  const link = await signInLinkFor(page, freshEmail);

  // A mail scanner looks first.
  await page.request.get(link);
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/account/billing");

  const stranger = await browser.newPage();
  await stranger.goto(link);
  await stranger.getByRole("button", { name: "Sign in" }).click();
  await expect(stranger.getByText("This link has expired or was used before")).toBeVisible();
  await stranger.close();
});

test("one click signs in as a demo account", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /admin@demo\.test/ }).click();
  await page.waitForURL("**/account/billing");
  await expect(page.getByText("admin@demo.test").first()).toBeVisible();
});

test("signing out ends the session here and on the server", async ({ page, freshEmail, context }) => {
  await signInAsNewPerson(page, freshEmail, "/account/billing");
  const cookies = await context.cookies();
  const session = cookies.find((cookie) => cookie.name.includes("session-token"));
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
  // The old cookie put back opens nothing.
  await context.addCookies(cookies);
  await page.goto("/account/billing");
  await page.waitForURL("**/sign-in?**");
});

test("a return address elsewhere is not followed (V8)", async ({ page, freshEmail, baseURL }) => {
  await page.goto("/sign-in?return_to=https://evil.example/");
  await page.getByLabel("E-mail address").fill(freshEmail);
  await page.getByRole("button", { name: "Send me a sign-in link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Check your mail" })).toBeVisible();
  const link = new URL(await signInLinkFor(page, freshEmail));
  link.searchParams.set("callbackUrl", "https://evil.example/");
  await page.goto(link.href);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/account/billing");
  expect(page.url().startsWith(baseURL ?? "")).toBe(true);
});

test("a request with the session's cookie from another site changes nothing (V3)", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, "/account/billing");
  const data = { meter: "ai_requests", quantity: 1 };
  for (const origin of ["https://evil.example", "null"]) {
    const response = await page.request.post("/api/v1/billing/usage/record", { data, headers: { origin } });
    expect(response.status()).toBe(403);
  }
  const usage = await (await page.request.get("/api/v1/billing/usage")).json();
  expect(usage.meters[0].windows[0].used).toBe(0);
});

test("following a link past its button signs nobody in: the button is shown", async ({
  page,
  freshEmail,
}) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(freshEmail);
  await page.getByRole("button", { name: "Send me a sign-in link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Check your mail" })).toBeVisible();
  const { search } = new URL(await signInLinkFor(page, freshEmail));
  await page.goto(`/api/auth/callback/email${search}`);
  await expect(page).toHaveURL(/\/sign-in\/confirm\?/);
  expect((await page.request.get("/api/v1/billing/usage")).status()).toBe(401);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/account/billing");
});
