import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POST as confirm } from "@/app/(auth)/sign-in/confirmed/route";
import { setConnections } from "@/lib/context";
import { issueSignInLink } from "@/lib/services/sign-in/issue-sign-in-link";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { GET, POST } from "./route";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  setConnections(world.ctx);
});
afterAll(() => world.close());

test.each(["session", "csrf", "signin", "signout", "providers", "_log", "verify-request", ""])(
  "next-auth's own /%s is not here: a session is not prolonged and no mail is sent past the limits",
  async (action) => {
    for (const [method, handler] of [
      ["GET", GET],
      ["POST", POST],
    ] as const) {
      const request = new Request(`http://localhost:3000/api/auth/${action}`, {
        method,
        headers: { host: "localhost:3000" },
      });
      const response = await handler(request, { params: Promise.resolve({ nextauth: [action] }) });
      expect(response.status).toBe(404);
    }
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
    new URL(await issueSignInLink(world.ctx, { email: "somebody@person.test", returnTo: "/playground" }))
      .search;

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
});
