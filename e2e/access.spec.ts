import { readFileSync } from "node:fs";
import path from "node:path";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import { ACTIONS, FILES, NARROWER, PAGES, ROUTES } from "./access-table";
import { expect, test } from "./test";

/** ASVS 5.0 V8.2: who may call is decided at every route and action. What is enumerated is the build itself. (V1) */

const DIST = process.env.TOLLKEEPER_DIST_DIR ?? ".next-test";
const readBuild = (file: string) => JSON.parse(readFileSync(path.join(DIST, file), "utf8")) as unknown;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const CUSTOMER_KEY = { authorization: "Bearer tk_local_free" };
const OTHER_ORIGIN = { origin: "https://evil.example" };

function builtPaths(kind: "page" | "route"): string[] {
  const manifest = readBuild("app-path-routes-manifest.json") as Record<string, string>;
  return Object.entries(manifest).flatMap(([file, url]) =>
    file.endsWith(`/${kind}`) && !FILES.includes(url) ? [url] : [],
  );
}

function builtActions(): Map<string, string> {
  const { node } = readBuild("server/server-reference-manifest.json") as {
    node: Record<string, { exportedName?: string }>;
  };
  return new Map(Object.entries(node).map(([id, { exportedName }]) => [exportedName ?? id, id]));
}

/** Dynamic segments filled in with something that is not there. */
const concrete = (route: string) => route.replace(/\[\.{0,3}\w+\]/g, "nothing");

test("every page, route and action of the build is in the table, and nothing else is (V1)", () => {
  expect(builtPaths("page").sort()).toEqual(Object.keys(PAGES).sort());
  expect(builtPaths("route").sort()).toEqual(Object.keys(ROUTES).sort());
  expect([...builtActions().keys()].sort()).toEqual(Object.keys(ACTIONS).sort());
});

for (const [url, audience] of Object.entries(PAGES)) {
  test(`${url} is for ${audience} (V1)`, async ({ context, playwright, baseURL, demoCookies }) => {
    const anonymous = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}) });
    const seen = await anonymous.get(url, { maxRedirects: 0 });
    if (audience === "anybody") {
      expect([200, 503]).toContain(seen.status());
    } else {
      expect(seen.status()).toBe(307);
      expect(seen.headers().location).toContain("/sign-in?return_to=");
      await context.addCookies(await demoCookies("free@demo.test"));
      expect((await context.request.get(url, { maxRedirects: 0 })).status()).toBe(
        audience === "admin" ? 404 : 200,
      );
    }
    // An expired or invented session is none.
    const forged = await anonymous.get(url, {
      maxRedirects: 0,
      headers: { cookie: "next-auth.session-token=0123456789abcdef" },
    });
    expect(forged.status()).toBe(seen.status());
    await anonymous.dispose();
  });
}

const call = (request: APIRequestContext, url: string, method: string, headers: Record<string, string>) =>
  request.fetch(concrete(url), {
    method,
    maxRedirects: 0,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "GET" ? {} : { data: "{}" }),
  });

/** The methods that a route has. */
async function answersOf(
  request: APIRequestContext,
  url: string,
  headers: Record<string, string>,
): Promise<APIResponse[]> {
  const answers = await Promise.all(METHODS.map((method) => call(request, url, method, headers)));
  return answers.filter((answer) => answer.status() !== 405);
}

for (const [url, audience] of Object.entries(ROUTES)) {
  test(`${url} is for ${audience} (V1, V14)`, async ({ context, playwright, baseURL, demoCookies }) => {
    const anonymous = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}) });
    const statuses = async (request: APIRequestContext, headers: Record<string, string> = {}) =>
      (await answersOf(request, url, headers)).map((answer) => answer.status());
    const refusedWith = async (
      request: APIRequestContext,
      status: number,
      headers: Record<string, string> = {},
    ) => {
      const found = await statuses(request, headers);
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found)).toEqual(new Set([status]));
    };

    if (audience === "anybody") expect(await statuses(anonymous)).toContain(200);
    if (["customer", "key", "session", "platform", "scheduler", "stand-in"].includes(audience)) {
      await refusedWith(anonymous, 401);
      await refusedWith(anonymous, 401, { authorization: "Bearer tk_wrong" });
      await refusedWith(anonymous, 401, { cookie: "next-auth.session-token=0123456789abcdef" });
    }
    if (audience === "scheduler" || audience === "stand-in" || audience === "session")
      await refusedWith(anonymous, 401, CUSTOMER_KEY);
    if (audience === "stripe") await refusedWith(anonymous, 400);
    if (audience === "key") {
      await context.addCookies(await demoCookies("free@demo.test"));
      await refusedWith(context.request, 401);
      await refusedWith(context.request, 401, { origin: new URL(baseURL ?? "").origin });
    }
    if (audience === "platform") {
      await refusedWith(anonymous, 403, CUSTOMER_KEY);
      await context.addCookies(await demoCookies("free@demo.test"));
      await refusedWith(context.request, 403, { origin: new URL(baseURL ?? "").origin });
    }
    if (audience === "customer" || audience === "session") {
      await context.addCookies(await demoCookies("free@demo.test"));
      // A change by cookie from elsewhere, or from nowhere. (V3)
      for (const headers of [OTHER_ORIGIN, { origin: "null" }, {}]) {
        const answers = await answersOf(context.request, url, headers);
        for (const answer of answers) {
          if (answer.status() !== 200) expect(answer.status()).toBe(403);
          // What is answered to one person is kept for nobody. (V9)
          expect(answer.headers()["cache-control"]).toBe("private, no-store");
        }
      }
      const writes = METHODS.slice(1).map((method) => call(context.request, url, method, OTHER_ORIGIN));
      for (const answer of await Promise.all(writes)) expect([403, 405]).toContain(answer.status());
    }
    await anonymous.dispose();
  });
}

for (const [url, { method, audience }] of Object.entries(NARROWER)) {
  test(`${method} ${url} is for ${audience} (V1)`, async ({ context, playwright, baseURL, demoCookies }) => {
    const anonymous = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}) });
    const statusOf = async (request: APIRequestContext, headers: Record<string, string> = {}) =>
      (await call(request, url, method, headers)).status();
    expect(await statusOf(anonymous)).toBe(401);
    expect(await statusOf(anonymous, { authorization: "Bearer tk_wrong" })).toBe(401);
    expect(await statusOf(anonymous, CUSTOMER_KEY)).toBe(403);
    await anonymous.dispose();
    const origin = new URL(baseURL ?? "").origin;
    await context.addCookies(await demoCookies("free@demo.test"));
    expect(await statusOf(context.request, { origin })).toBe(403);
    await context.addCookies(await demoCookies("admin@demo.test"));
    // Let in, so that what was sent is looked at; from elsewhere even an admin is not.
    expect(await statusOf(context.request, { origin })).toBe(422);
    expect(await statusOf(context.request, OTHER_ORIGIN)).toBe(403);
  });
}

/** Calls an action as React does: its arguments are the state before and a form, whose fields come first. */
function act(
  request: APIRequestContext,
  id: string,
  { form = {}, origin }: { form?: Record<string, string>; origin: string },
): Promise<APIResponse> {
  const multipart = new FormData();
  for (const [name, value] of Object.entries(form)) multipart.append(`_1_${name}`, value);
  multipart.append("0", JSON.stringify([{ ok: false, message: null, fields: [], code: null }, "$K1"]));
  return request.post("/", {
    maxRedirects: 0,
    headers: { "next-action": id, origin, accept: "text/x-component" },
    multipart,
  });
}

const KEY_FORM = { name: "Taken", lifetime: "never", "scope:usage:read": "on" };
const KEY_ID_FORM = { api_key_id: "01890000-0000-7000-8000-000000000000", overlap_hours: "0" };
const FORMS: Record<string, Record<string, string>> = {
  revokeSessionAction: { session_id: KEY_ID_FORM.api_key_id },
  requestEmailChangeAction: { email: "taken@evil.example" },
  disconnectSignInMethodAction: { provider: "github" },
  createKeyAction: KEY_FORM,
  createPlatformKeyAction: KEY_FORM,
  rotateKeyAction: KEY_ID_FORM,
  rotatePlatformKeyAction: KEY_ID_FORM,
  revokeKeyAction: { api_key_id: KEY_ID_FORM.api_key_id },
  revokePlatformKeyAction: { api_key_id: KEY_ID_FORM.api_key_id },
  recordUseAction: { label: "Upload with AI help" },
  startCardSetupAction: { attempt: KEY_ID_FORM.api_key_id },
  startCheckoutAction: { plan: "community-pro", interval: "month", interval_count: "3" },
};

for (const [name, audience] of Object.entries(ACTIONS).filter(([, who]) => who !== "anybody")) {
  test(`${name} is for ${audience} (V1, V3)`, async ({ context, playwright, baseURL, demoCookies }) => {
    const id = builtActions().get(name) ?? "";
    const origin = new URL(baseURL ?? "").origin;
    const form = FORMS[name] ?? {};
    const anonymous = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}) });
    const unsigned = await act(anonymous, id, { form, origin });
    const isRefused = async (answer: APIResponse) =>
      (answer.headers()["x-action-redirect"] ?? "").startsWith("/sign-in") ||
      (await answer.text()).includes('"code":"forbidden"');
    expect(await isRefused(unsigned)).toBe(true);
    await anonymous.dispose();

    await context.addCookies(await demoCookies("free@demo.test"));
    if (audience === "admin")
      expect(await isRefused(await act(context.request, id, { form, origin }))).toBe(true);
    // The same person, but the request comes from another site.
    for (const foreign of ["https://evil.example", "null"]) {
      const answer = await act(context.request, id, { form, origin: foreign });
      expect(answer.status()).toBeGreaterThanOrEqual(400);
    }
  });
}
