import type { Page } from "@playwright/test";
import { expect, signInAsNewPerson, signInLinkFor, test } from "./test";

async function askForMail(page: Page, email: string, returnTo = "/account/billing"): Promise<void> {
  await page.goto(`/sign-in?return_to=${encodeURIComponent(returnTo)}`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a sign-in link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Check your mail" })).toBeVisible();
}

/** The code in the latest mail to an address, as it is written there. */
async function codeFor(page: Page, email: string): Promise<string> {
  const inbox = `http://127.0.0.1:${process.env.LOCAL_MAIL_PORT}/inbox?to=${encodeURIComponent(email)}`;
  const [mail] = (await (await page.request.get(inbox)).json()) as { text: string }[];
  return /\b\d{3} \d{3}\b/.exec(mail?.text ?? "")?.[0] ?? "";
}

test("the code of the mail signs in where one began and leads back to what one was doing", async ({
  page,
  freshEmail,
}) => {
  await askForMail(page, freshEmail, "/playground?from=mail");
  await expect(page.getByText(`We sent a mail to ${freshEmail}`)).toBeVisible();
  const code = page.getByLabel("Six-digit code");
  await expect(code).toHaveAttribute("inputmode", "numeric");
  await expect(code).toHaveAttribute("autocomplete", "one-time-code");
  await code.fill(` ${(await codeFor(page, freshEmail)).replace(" ", "-")} `);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/playground?from=mail");
});

test("five wrong codes end it; nothing typed is lost, and the link still works", async ({
  page,
  freshEmail,
}) => {
  await askForMail(page, freshEmail, "/playground");
  const right = await codeFor(page, freshEmail);
  const wrong = right === "000 000" ? "000 001" : "000 000";
  const code = page.getByLabel("Six-digit code");
  const refusal = page
    .getByRole("alert")
    .filter({ hasText: "This code is wrong, too old, or was used before" });
  for (let tries = 0; tries < 5; tries += 1) {
    await code.fill(wrong);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Sign in" }).click();
    await answered;
    await expect(refusal).toBeVisible();
    await expect(code).toHaveValue(wrong);
    await expect(page.getByText(freshEmail)).toBeVisible();
  }
  await code.fill(right);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(refusal).toBeVisible();
  await page.goto(await signInLinkFor(page, freshEmail));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/playground");
});

test("a link whose code was used is refused kindly, and the way on keeps what one was doing", async ({
  page,
  browser,
  freshEmail,
}) => {
  await askForMail(page, freshEmail, "/playground");
  const link = await signInLinkFor(page, freshEmail);
  await page.getByLabel("Six-digit code").fill(await codeFor(page, freshEmail));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/playground");

  const stranger = await browser.newPage();
  await stranger.goto(link);
  await stranger.getByRole("button", { name: "Sign in" }).click();
  await expect(stranger.getByText("This link has expired or was used before")).toBeVisible();
  expect(new URL(stranger.url()).searchParams.get("return_to")).toBe("/playground");
  await stranger.close();
});

test("another mail can be sent, and another address typed, from where the code is asked for", async ({
  page,
  freshEmail,
}) => {
  await askForMail(page, freshEmail, "/playground");
  const first = await codeFor(page, freshEmail);
  await page.getByRole("button", { name: "Send another mail" }).click();
  await expect(page.getByText(`We sent another mail to ${freshEmail}`)).toBeVisible();
  // Both mails work: whichever arrives first.
  expect(await codeFor(page, freshEmail)).toBeTruthy();
  await page.getByRole("link", { name: "Use another address" }).click();
  await expect(page.getByLabel("E-mail address")).toHaveValue(freshEmail);
  await page.goBack();
  await page.getByLabel("Six-digit code").fill(first);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/playground");
});

test("without JavaScript the code works, and a wrong one is told", async ({ browser, freshEmail }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await askForMail(page, freshEmail, "/playground");
  const right = await codeFor(page, freshEmail);
  await page.getByLabel("Six-digit code").fill(right === "000 000" ? "000 001" : "000 000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This code is wrong, too old, or was used before")).toBeVisible();
  await page.getByLabel("Six-digit code").fill(right);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/playground");
  await context.close();
});

test("all six demo accounts are offered, and one leads back to what one was doing", async ({ page }) => {
  await page.goto("/sign-in?return_to=%2Fplayground");
  await expect(page.getByRole("button", { name: /@demo\.test/ })).toHaveCount(6);
  await page.getByRole("button", { name: /free@demo\.test/ }).click();
  await page.waitForURL("**/playground");
});

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
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
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
