import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POST as confirm } from "@/app/(auth)/sign-in/confirmed/route";
import { confirmationOf } from "@/lib/auth/confirmation-cookie";
import { findViewer } from "@/lib/auth/find-viewer";
import { setConnections } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { issueSignInLink } from "@/lib/services/sign-in/issue-sign-in-link";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import * as route from "./route";

const { GET } = route;

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  setConnections(world.ctx);
});
afterAll(() => world.close());

test.each([
  "session",
  "csrf",
  "signin",
  "signin/email",
  "signin/github",
  "signout",
  "providers",
  "_log",
  "verify-request",
  "error",
  "callback",
  "callback/github",
  "callback/credentials",
  "callback/email/more",
  "",
])(
  "next-auth's own /%s is not here: a session is not prolonged and no mail is sent past the limits",
  async (action) => {
    const request = new Request(`http://localhost:3000/api/auth/${action}`, {
      headers: { host: "localhost:3000" },
    });
    const response = await GET(request, { params: Promise.resolve({ nextauth: action.split("/") }) });
    expect(response.status).toBe(404);
    // Next answers a method that is not exported with 405.
    expect(Object.keys(route)).toEqual(["GET"]);
  },
);

describe("the address that consumes a sign-in link", () => {
  const segments = { params: Promise.resolve({ nextauth: ["callback", "email"] }) };
  const visit = (search: string, cookie: string) =>
    GET(
      new Request(`http://localhost:3000/api/auth/callback/email${search}`, {
        headers: { host: "localhost:3000", cookie },
      }),
      segments,
    );
  const press = (search: string, origin: string) =>
    confirm(
      new Request("http://localhost:3000/sign-in/confirmed", {
        method: "POST",
        headers: { host: "localhost:3000", origin, "content-type": "application/x-www-form-urlencoded" },
        body: search.slice(1),
      }),
      { params: Promise.resolve({}) },
    );
  const newLink = async () =>
    new URL(
      (await issueSignInLink(world.ctx, { email: "somebody@person.test", returnTo: "/playground" })).url,
    ).search;

  test("does nothing without the button: a foreign link signs nobody in unawares", async () => {
    const link = await newLink();
    const otherLink = await newLink();
    const otherCookie =
      (await press(otherLink, "http://localhost:3000")).headers.get("set-cookie")?.split(";")[0] ?? "";
    for (const cookie of ["", "tollkeeper.sign-in=x", otherCookie]) {
      const response = await visit(link, cookie);
      expect(response.status).toBe(303);
      expect(response.headers.get("location")).toBe(`/sign-in/confirm${link}`);
      expect(response.headers.get("set-cookie")).toBeNull();
    }
    expect(
      await world.ctx.db.verificationToken.count({ where: { identifier: "somebody@person.test" } }),
    ).toBe(2);
  });

  test("the button works from our own page alone, and leads on with a cookie that only this address is sent", async () => {
    const link = await newLink();
    for (const origin of ["https://evil.example", "null"])
      expect((await press(link, origin)).status).toBe(403);
    const response = await press(link, "http://localhost:3000");
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toContain("/api/auth/callback/email?");
    expect(response.headers.get("set-cookie")).toMatch(
      /Path=\/api\/auth; Max-Age=60; HttpOnly; SameSite=Strict$/,
    );
  });

  const confirmed = async (search: string) =>
    (await press(search, "http://localhost:3000")).headers.get("set-cookie")?.split(";")[0] ?? "";
  const sessionCookie = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((cookie) => /^next-auth\.session-token=([^;]+)/.exec(cookie)?.[1])
      .find(Boolean);
  const linkFor = async (email: string, returnTo = "/playground") =>
    new URL((await issueSignInLink(world.ctx, { email, returnTo })).url).search;

  test("ten browsers with one link at the same time: one session, the others are told (V11)", async () => {
    const link = await linkFor("replayed@person.test");
    const cookie = await confirmed(link);
    const responses = await Promise.all(Array.from({ length: 10 }, () => visit(link, cookie)));
    expect(responses.filter(sessionCookie)).toHaveLength(1);
    const refused = responses.filter((response) => !sessionCookie(response));
    for (const response of refused) {
      const location = new URL(response.headers.get("location") ?? "");
      expect([location.pathname, location.searchParams.get("error")]).toEqual(["/sign-in", "Verification"]);
      expect(location.searchParams.get("return_to")).toBe("/playground");
    }
    expect(await world.ctx.db.session.count({ where: { user: { email: "replayed@person.test" } } })).toBe(1);
  });

  test("a session's token is always new: one planted before opens nothing (V11)", async () => {
    const link = await linkFor("fixated@person.test");
    const planted = "planted-by-somebody-else";
    const response = await visit(link, `${await confirmed(link)}; next-auth.session-token=${planted}`);
    const token = sessionCookie(response) ?? "";
    expect(token).not.toBe(planted);
    expect(await findViewer(world.ctx, planted)).toBeNull();
    expect(await findViewer(world.ctx, token)).toMatchObject({ email: "fixated@person.test" });
  });

  test.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "http://localhost:3000.evil.example/",
    "http://localhost:3000@evil.example/",
    "javascript:alert(1)",
  ])("a return address of %s leads to our own page (V8, V11)", async (evil) => {
    const link = new URLSearchParams(await linkFor("led-astray@person.test"));
    link.set("callbackUrl", evil);
    const cookie = await confirmed(`?${link}`);
    const response = await visit(`?${link}`, `${cookie}; next-auth.callback-url=${encodeURIComponent(evil)}`);
    expect(sessionCookie(response)).toBeTruthy();
    expect(response.headers.get("location")).toBe("http://localhost:3000/account/billing");
  });

  test("a forwarded host leads nobody to another site (V11)", async () => {
    const link = await linkFor("forwarded@person.test");
    const request = new Request(`http://localhost:3000/api/auth/callback/email${link}`, {
      headers: {
        host: "localhost:3000",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        cookie: await confirmed(link),
      },
    });
    const response = await GET(request, segments);
    expect(response.headers.get("location")).toBe("http://localhost:3000/playground");
  });

  test("the token of one address does not sign in another, and is not used up by trying (V11)", async () => {
    await world.createPerson("victim@person.test");
    const link = new URLSearchParams(await linkFor("attacker@person.test"));
    for (const email of [
      "victim@person.test",
      "victim\uFF20person.test",
      "attacker@person.test,victim@person.test",
    ]) {
      const forged = new URLSearchParams(link);
      forged.set("email", email);
      const cookie = `tollkeeper.sign-in=${confirmationOf(link.get("token") ?? "")}`;
      expect(sessionCookie(await visit(`?${forged}`, cookie))).toBeUndefined();
    }
    expect(await world.ctx.db.session.count({ where: { user: { email: "victim@person.test" } } })).toBe(0);
    expect(sessionCookie(await visit(`?${link}`, await confirmed(`?${link}`)))).toBeTruthy();
  });

  test("what the button's form brings must be one plain address (V11, GHSA-7rqj-j65f-68wh)", async () => {
    const link = new URLSearchParams(await linkFor("somebody@person.test"));
    for (const email of ["a@evil.test,b@good.test", '"a@evil.test"@good.test', "b\uFF20good.test"]) {
      link.set("email", email);
      expect((await press(`?${link}`, "http://localhost:3000")).status).toBe(422);
    }
  });
});

test.each(["%E0%A4%A", "Bearer", "Bearer %", "Bearer %E0%A4%A"])(
  "a header of %j is nobody, and no failure (V11, GHSA-xmf8-cvqr-rfgj)",
  async (authorization) => {
    const request = new Request("http://localhost:3000/api/auth/callback/email?token=x&email=a%40b.test", {
      headers: { host: "localhost:3000", authorization, cookie: "next-auth.session-token=%E0%A4%A; broken" },
    });
    const response = await GET(request, { params: Promise.resolve({ nextauth: ["callback", "email"] }) });
    expect(response.status).toBe(303);
    expect(response.headers.getSetCookie()).toEqual([]);
  },
);

test("nobody is signed in by a value that is there but no session (V11, GHSA-8fpg-xm3f-6cx3)", async () => {
  const broken = { ...world.ctx, db: brokenDb() };
  await expect(findViewer(broken, "any-token")).rejects.toThrow();
  expect(await findViewer(world.ctx, "any-token")).toBeNull();
});

/** As when the configuration is wrong: an error has to stay one, and not become somebody. */
function brokenDb(): TestWorld["ctx"]["db"] {
  return openDb("postgresql://nobody@127.0.0.1:1/none");
}
