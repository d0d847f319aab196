import type { Page, Request } from "@playwright/test";
import { build } from "esbuild";
import { cardFrame, typeCard } from "./lab/open-shop";
import { expect, signInAsNewPerson, test } from "./test";

const PAGE = "/account/payment-method";
const LAB = `http://127.0.0.1:${process.env.LOCAL_STRIPE_PORT}`;

/**
 * Types a card into Stripe's own fields and presses the page's button. By key: a click right after the page was scrolled
 * to the button can still reach the frame that stood there before.
 */
async function save(page: Page, number: string): Promise<void> {
  await typeCard(cardFrame(page), { number });
  await page.getByRole("button", { name: "Save this card" }).press("Enter");
}

test("a card is entered in Stripe's own fields, declined with the reason, and saved at the second try (S1-105, S1-106, S1-114)", async ({
  page,
  freshEmail,
}) => {
  const requests: Request[] = [];
  page.on("request", (request) => requests.push(request));
  await signInAsNewPerson(page, freshEmail, PAGE);
  await expect(page.getByText("There is none yet.")).toBeVisible();

  await save(page, "4000000000000002");
  await expect(page.getByRole("alert").filter({ hasText: "Your card was declined." })).toBeVisible();

  await save(page, "4242424242424242");
  await page.waitForURL("**?setup_intent=seti_*");
  await expect(page.getByText("Your card is saved")).toBeVisible();
  await expect(page.getByText("ending in 4242")).toBeVisible();
  // The same way back once more changes nothing.
  await page.reload();
  await expect(page.getByText("ending in 4242")).toBeVisible();

  // In local mode Stripe itself is asked nothing, and what was typed goes from Stripe's frame to Stripe alone.
  const urls = requests.map((request) => request.url());
  expect(urls).toContain(`${LAB}/endive/stripe.js`);
  expect(urls.filter((url) => url.includes("stripe.com"))).toEqual([]);
  const toUs = requests.filter((request) => !request.url().startsWith(LAB));
  expect(toUs.filter((request) => request.postData()?.includes("4242424242"))).toEqual([]);
});

test("a card whose bank asks is saved once it was answered, and not when it was refused", async ({
  page,
  freshEmail,
}) => {
  await signInAsNewPerson(page, freshEmail, PAGE);
  const bank = page.getByRole("dialog").frameLocator("iframe");
  await save(page, "4000002500003155");
  await bank.getByRole("button", { name: /fail/i }).press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: /authenticate/ })).toBeVisible();

  await save(page, "4000002500003155");
  await bank.getByRole("button", { name: /complete/i }).press("Enter");
  await expect(page.getByText("Your card is saved")).toBeVisible();
  await expect(page.getByText("ending in 3155")).toBeVisible();
});

test("fields that cannot be loaded are said to be, and loaded when tried again", async ({
  page,
  freshEmail,
  complaints,
}) => {
  await page.route(`${LAB}/endive/stripe.js`, (route) => route.abort(), { times: 1 });
  await signInAsNewPerson(page, freshEmail, PAGE);
  await expect(page.getByText("The card fields could not be loaded")).toBeVisible();
  complaints.length = 0;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(cardFrame(page).getByLabel("Card number")).toBeVisible();
});

test("with real keys the script is Stripe's own, from Stripe's own address, and from nowhere else", async ({
  page,
}) => {
  const bundle = await build({
    entryPoints: ["components/payment-method/open-stripe-js.ts"],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "shop",
  });
  const asked: string[] = [];
  await page.route("**/*", (route) => {
    const url = route.request().url();
    asked.push(url);
    const stub = 'window.Stripe = Object.assign((key) => ({ key }), { version: "endive" });';
    const isScript = url.startsWith("https://js.stripe.com/");
    return route.fulfill(
      isScript
        ? { contentType: "text/javascript", body: stub }
        : { contentType: "text/html", body: "<p></p>" },
    );
  });
  await page.goto("https://shop.example/");
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
  const opened = await page.evaluate(
    "shop.openStripeJs({ publishableKey: 'pk_live_ours', localScriptUrl: null })",
  );
  expect(opened).toEqual({ key: "pk_live_ours" });
  expect(asked).toEqual(["https://shop.example/", "https://js.stripe.com/endive/stripe.js"]);
});
