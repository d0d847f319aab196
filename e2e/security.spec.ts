import type { Browser, Page } from "@playwright/test";
import { expect, signInAsNewPerson, signInFromMail, test } from "./test";

const PAGE = "/account/security";
const INBOX = `http://127.0.0.1:${process.env.LOCAL_MAIL_PORT}/inbox`;

/** The same person in a browser of its own. */
async function signInElsewhere(browser: Browser, baseURL: string | undefined, email: string): Promise<Page> {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto(`/sign-in?return_to=${encodeURIComponent(PAGE)}`);
  await signInFromMail(page, email);
  await page.waitForURL(`**${PAGE}`);
  return page;
}

async function isSignedOut(page: Page): Promise<void> {
  await page.goto(PAGE);
  await page.waitForURL("**/sign-in?return_to=**");
}

async function mailsTo(page: Page, email: string): Promise<{ subject: string; text: string }[]> {
  return (await page.request.get(`${INBOX}?to=${encodeURIComponent(email)}`)).json();
}

/** The link of the latest mail that asks to confirm a change of address. */
async function confirmationFor(page: Page, email: string): Promise<string> {
  let link: string | undefined;
  await expect(async () => {
    const mails = await mailsTo(page, email);
    link = mails
      .map(({ text }) => /https?:\/\/\S+\/confirm-email\?token=[0-9a-f]+/.exec(text)?.[0])
      .find(Boolean);
    expect(link).toBeTruthy();
  }).toPass();
  return link ?? "";
}

test("a session is revoked from another browser and signed out at its next page (V11)", async ({
  page,
  browser,
  baseURL,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, PAGE);
  const other = await signInElsewhere(browser, baseURL, freshEmail);
  await page.reload();
  const sessions = page.getByRole("main").getByRole("listitem").filter({ hasText: "Signed in" });
  await expect(sessions).toHaveCount(2);
  await expect(sessions.first()).toContainText("Chrome on Linux");
  await expect(sessions.first()).toContainText("This device");
  await sessions.nth(1).getByRole("button", { name: "Sign out" }).click();
  await expect(sessions).toHaveCount(1);
  await isSignedOut(other);
  await page.reload();
  await expect(sessions).toHaveCount(1);
  await other.context().close();
});

test("signing out everywhere else leaves this browser; everywhere leads to the sign-in page (V11)", async ({
  page,
  browser,
  baseURL,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, PAGE);
  const other = await signInElsewhere(browser, baseURL, freshEmail);
  await page.reload();
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toHaveCount(0);
  await isSignedOut(other);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.waitForURL("**/sign-in");
  await isSignedOut(page);
  await other.context().close();
});

test("the address changes once both mailboxes have confirmed it", async ({
  page,
  browser,
  baseURL,
  freshEmail,
}) => {
  const newEmail = `new-${freshEmail}`;
  await signInAsNewPerson(page, freshEmail, PAGE);
  const other = await signInElsewhere(browser, baseURL, freshEmail);
  await page.getByLabel("New e-mail address").fill(newEmail);
  await page.getByRole("button", { name: "Change address" }).click();
  await expect(page.getByText(`We sent a mail to ${freshEmail} and one to ${newEmail}`)).toBeVisible();
  await expect(page.getByText("A change is under way")).toBeVisible();

  // On the phone, where nobody is signed in.
  const phone = await browser.newPage();
  await phone.goto(await confirmationFor(page, newEmail));
  await phone.getByRole("button", { name: "Confirm the change" }).click();
  await expect(phone.getByText("as soon as the other address has confirmed it")).toBeVisible();
  await phone.close();
  await page.goto(PAGE);
  await expect(page.getByRole("main").getByText(freshEmail, { exact: true })).toBeVisible();

  const link = await confirmationFor(page, freshEmail);
  await page.goto(link);
  await page.getByRole("button", { name: "Confirm the change" }).click();
  await expect(page.getByText(`your account is reached at ${newEmail}`)).toBeVisible();
  await page.goto(PAGE);
  await expect(page.getByRole("main").getByText(newEmail, { exact: true })).toBeVisible();
  await isSignedOut(other);
  await other.context().close();
  expect((await mailsTo(page, freshEmail))[0]?.subject).toBe("Your e-mail address was changed");
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link is over" })).toBeVisible();
});
