import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Page } from "@playwright/test";
import { cardFrame } from "./lab/open-shop";
import { card } from "./pricing-page";
import { expect, signInAsNewPerson, signInFromMail, test } from "./test";

const STRIPE = `http://127.0.0.1:${process.env.LOCAL_STRIPE_PORT}`;
const PAGES = [
  "/",
  "/pricing",
  "/sign-in",
  "/setup",
  "/no-such-page",
  "/account/billing",
  "/playground",
  "/subscribe?plan=community-pro&interval=month&interval_count=3",
];

/** The policy of an answer, directive by directive. */
function policyOf(headers: Record<string, string>): Map<string, string> {
  const directives = (headers["content-security-policy"] ?? "").split("; ");
  return new Map(
    directives.map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );
}

/** Keeps what the browser refuses on our pages because of their policy. */
async function watchViolations(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction("reportViolation", (text: string) => violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      // Given to every page by exposeFunction above.
      const { reportViolation } = window as unknown as { reportViolation(text: string): void };
      reportViolation(`${event.effectiveDirective} ${event.blockedURI} on ${location.pathname}`);
    });
  });
  return violations;
}

async function signInAsAdmin(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /admin@demo\.test/ }).click();
  await page.waitForURL("**/account/billing");
}

test("every page has a policy of its own without inline scripts, and may not be framed (V18)", async ({
  page,
}) => {
  const violations = await watchViolations(page);
  await signInAsAdmin(page);
  const nonces = new Set<string>();
  for (const path of PAGES) {
    const response = await page.goto(path);
    const headers = response?.headers() ?? {};
    const policy = policyOf(headers);
    expect(policy.get("script-src")).toMatch(/^'self' 'nonce-[A-Za-z0-9+/]{22}=='$/);
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("frame-ancestors")).toBe("'none'");
    expect(policy.get("base-uri")).toBe("'none'");
    expect(policy.get("object-src")).toBe("'none'");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin-when-cross-origin",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=(), payment=()",
    });
    expect(headers).not.toHaveProperty("strict-transport-security");
    nonces.add(policy.get("script-src") ?? "");
    // The page is alive: its scripts ran under this policy.
    await expect(page.locator("html")).toBeVisible();
    await page.waitForFunction(() => Object.keys(document.body).some((key) => key.startsWith("__react")));
  }
  expect(nonces.size).toBe(PAGES.length);
  expect(violations).toEqual([]);
});

test("only pages that sell lead to Stripe, and in local mode to the local one", async ({ request }) => {
  for (const [path, sources] of [
    ["/pricing", `'self' ${STRIPE}`],
    ["/account/billing", `'self' ${STRIPE}`],
    ["/", "'self'"],
    ["/setup", "'self'"],
    ["/sign-in", "'self'"],
  ] as const) {
    const headers = (await request.get(path, { maxRedirects: 0 })).headers();
    expect(policyOf(headers).get("form-action")).toBe(sources);
    expect(headers["content-security-policy"]).not.toContain("stripe.com");
  }
});

test("only the page with Stripe's own fields lets them in, and in local mode from the local Stripe alone", async ({
  page,
  freshEmail,
}) => {
  const violations = await watchViolations(page);
  await signInAsNewPerson(page, freshEmail, "/account/payment-method");
  await expect(cardFrame(page).getByLabel("Card number")).toBeVisible();
  expect(violations).toEqual([]);
  for (const [path, frames] of [
    ["/account/payment-method", STRIPE],
    ["/account/billing", "'none'"],
  ] as const) {
    const policy = policyOf((await page.request.get(path)).headers());
    expect(policy.get("frame-src")).toBe(frames);
    expect(policy.get("script-src")?.includes(STRIPE)).toBe(frames === STRIPE);
  }
});

test("the whole way from the price to the paid plan breaks no policy", async ({ page, freshEmail }) => {
  const violations = await watchViolations(page);
  await page.goto("/sign-in?return_to=%2Fpricing");
  await signInFromMail(page, freshEmail);
  await page.waitForURL("**/pricing");
  await card(page, "Community Pro").getByRole("button", { name: /trial/i }).click();
  await page.waitForURL("**/c/pay/**");
  await page.getByLabel("Card number").fill("4242 4242 4242 4242");
  await page.getByLabel("Expiry").fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Cardholder name").fill("Test Person");
  await page.getByRole("button", { name: /^(start trial|pay|subscribe)/i }).click();
  await page.waitForURL("**/account/billing?session_id=**");
  await expect(page.getByText("Trial active")).toBeVisible();
  await page.goto("/playground");
  expect(violations).toEqual([]);
});

test("without JavaScript a form leads to the payment page all the same", async ({
  browser,
  page,
  freshEmail,
}) => {
  const path = "/subscribe?plan=community-pro&interval=month&interval_count=3";
  await signInAsNewPerson(page, freshEmail, path);
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await context.newPage();
  await plain.goto(path);
  await plain.getByRole("button", { name: "Continue to payment" }).click();
  await plain.waitForURL(`${STRIPE}/c/pay/**`);
  await context.close();
});

test("a script or a handler that got into a page does not run", async ({ page, complaints }) => {
  const violations = await watchViolations(page);
  await page.route("**/pricing", async (route) => {
    const response = await route.fetch();
    const evil = `<script>window.injected = 1</script><img src="data:," onerror="window.injected = 2">`;
    await route.fulfill({ response, body: (await response.text()).replace("</main>", `${evil}</main>`) });
  });
  await page.goto("/pricing");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.injected = 3";
    document.body.append(script);
    const foreign = document.createElement("script");
    foreign.src = "https://evil.example/x.js";
    document.body.append(foreign);
  });
  await expect(() => expect(violations.length).toBeGreaterThanOrEqual(4)).toPass();
  expect(await page.evaluate(() => "injected" in window)).toBe(false);
  // The browser's reports of what it refused, and React's of what it did not expect, are what was asked for.
  complaints.length = 0;
});

test("signed-in answers are kept by no cache, pages and API alike (V9)", async ({ page }) => {
  await signInAsAdmin(page);
  for (const path of ["/account/billing", "/playground", "/pricing", "/api/v1/billing/usage"]) {
    const { "cache-control": cacheControl = "" } = (await page.request.get(path)).headers();
    expect(cacheControl).toContain("private");
    expect(cacheControl).toContain("no-store");
  }
});

test("an answer of the API opened as a page may do nothing", async ({ request }) => {
  const headers = (await request.get("/api/v1/billing/plans")).headers();
  expect(policyOf(headers).get("default-src")).toBe("'none'");
  expect(headers["content-security-policy"]).not.toContain("nonce");
});

test("what proxy.ts does not see has the stricter policy of the build", async ({ page, request }) => {
  await page.goto("/");
  const script = await page.locator("script[src^='/_next/']").first().getAttribute("src");
  const headers = (await request.get(script ?? "")).headers();
  expect(policyOf(headers).get("script-src")).toBe("'self'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
});

test.describe("the same build outside local mode", () => {
  let server: ChildProcess;
  let origin: string;
  test.beforeAll(async () => {
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    server = spawn(
      process.execPath,
      ["node_modules/next/dist/bin/next", "start", "-p", `${port}`, "-H", "127.0.0.1"],
      {
        env: {
          PATH: process.env.PATH,
          NODE_ENV: "production",
          TOLLKEEPER_DIST_DIR: process.env.TOLLKEEPER_DIST_DIR,
          LOG_LEVEL: "silent",
          APP_URL: "https://billing.example.com",
          DATABASE_URL: "postgresql://nobody:nothing@127.0.0.1:1/none",
          STRIPE_SECRET_KEY: "sk_test_nobody",
          STRIPE_PUBLISHABLE_KEY: "pk_test_nobody",
          STRIPE_WEBHOOK_SECRET: "whsec_nobody",
          RESEND_API_KEY: "re_nobody",
          MAIL_FROM: "billing@example.com",
          NEXTAUTH_SECRET: "x".repeat(32),
          CRON_SECRET: "nobody",
          GITHUB_CLIENT_ID: "nobody",
          GITHUB_CLIENT_SECRET: "nobody",
        } as NodeJS.ProcessEnv,
        stdio: "ignore",
      },
    );
    await expect(async () => {
      expect((await fetch(`${origin}/api/health`)).status).toBe(200);
    }).toPass({ timeout: 20_000 });
  });
  test.afterAll(async () => {
    server.kill("SIGTERM");
    await once(server, "exit");
  });

  test("asks for https for two years, and knows Stripe's own addresses", async ({ request }) => {
    for (const path of ["/", "/pricing", "/sign-in", "/api/health"]) {
      const headers = (await request.get(`${origin}${path}`)).headers();
      expect(headers["strict-transport-security"]).toBe("max-age=63072000");
    }
    const pricing = policyOf((await request.get(`${origin}/pricing`)).headers());
    expect(pricing.get("form-action")).toBe("'self' https://checkout.stripe.com https://billing.stripe.com");
    expect([...pricing.values()].join(" ")).not.toContain("127.0.0.1");
    const signIn = policyOf((await request.get(`${origin}/sign-in`)).headers());
    expect(signIn.get("form-action")).toBe("'self' https://github.com");
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
