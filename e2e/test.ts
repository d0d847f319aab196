import { type Browser, type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { sendForm } from "./send-form";

export { expect };

type Fixtures = {
  /** An address nobody has used. */
  freshEmail: string;
  /** What the browser complained about; empty at the end of every test unless it says otherwise. */
  complaints: string[];
};

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

type WorkerFixtures = {
  /** The cookies of a demo account that has signed in, once a worker. */
  demoCookies: (account: string) => Promise<Cookies>;
};

/**
 * Every test fails on an error in the browser's console, and comes from an address of its own: what one visitor may do
 * in a quarter of an hour is less than all tests together.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  demoCookies: [
    async ({ browser }, use, info) => {
      const known = new Map<string, Promise<Cookies>>();
      await use((account) => {
        const cookies = known.get(account) ?? cookiesOf(browser, account, info.project.use.baseURL);
        known.set(account, cookies);
        return cookies;
      });
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures used from this pattern
  extraHTTPHeaders: async ({}, use) => {
    const part = () => Math.floor(Math.random() * 256);
    await use({ "x-forwarded-for": `127.${part()}.${part()}.${1 + Math.floor(Math.random() * 254)}` });
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures used from this pattern
  freshEmail: async ({}, use, info) => {
    await use(
      `person-${info.workerIndex}-${Date.now()}-${Math.random().toString(36).slice(2, 8)}@person.test`,
    );
  },
  complaints: [
    // Of all pages of the context; one that only sends requests opens none.
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on("console", (message) => {
        // A refused request is reported by the browser itself; that the page explains it is the test's to show.
        if (message.type() === "error" && !message.text().includes("Failed to load resource"))
          complaints.push(message.text());
      });
      context.on("weberror", (error) => complaints.push(error.error().message));
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

const INBOX = `http://127.0.0.1:${process.env.LOCAL_MAIL_PORT}/inbox`;

/** Asks for a sign-in link on the page that is open, and follows it from the mail. */
export async function signInFromMail(page: Page, email: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a sign-in link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Check your mail" })).toBeVisible();
  await page.goto(await signInLinkFor(page, email));
  await expect(page.getByText(email)).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The link in the latest mail to an address, once it is there. */
export async function signInLinkFor(page: Page, email: string): Promise<string> {
  let link: string | undefined;
  await expect(async () => {
    const response = await page.request.get(`${INBOX}?to=${encodeURIComponent(email)}`);
    const [mail] = (await response.json()) as { text: string; html: string }[];
    link = /https?:\/\/[^\s"<>]+\/sign-in\/confirm[^\s"<>]+/.exec(
      mail?.html.replaceAll("&amp;", "&") ?? "",
    )?.[0];
    expect(link).toBeTruthy();
  }).toPass();
  return link ?? "";
}

async function cookiesOf(browser: Browser, account: string, baseURL: string | undefined): Promise<Cookies> {
  const context = await browser.newContext({ ...(baseURL ? { baseURL } : {}) });
  await signInWithDemoAccount(await context.newPage(), account);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

/** Signs in by a demo account's button and leaves the browser on its billing page. */
export async function signInWithDemoAccount(page: Page, account: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: new RegExp(account.replaceAll(".", "\\.")) }).click();
  await page.waitForURL("**/account/billing");
}

/**
 * Signs a new person in through the mail, by requests alone, and opens `path`. The pages on the way are looked at by
 * e2e/sign-in.spec.ts and whoever calls `signInFromMail`.
 */
export async function signInAsNewPerson(page: Page, email: string, path: string): Promise<void> {
  await sendForm(page.request, `/sign-in?return_to=${encodeURIComponent(path)}`, "email", { email });
  const confirmed = await sendForm(page.request, await signInLinkFor(page, email), "token", {});
  // Where the link leads is a part of it, and what the browser opens next.
  expect(new URL(confirmed.url()).pathname + new URL(confirmed.url()).search).toBe(path);
  await page.goto(path);
}
