import { afterAll, beforeAll, expect, test } from "vitest";
import { findViewer } from "@/lib/auth/find-viewer";
import { hashSignInCode } from "@/lib/auth/hash-sign-in-code";
import type { Context } from "@/lib/context";
import { openMailer } from "@/lib/email/mailer";
import { startMail } from "@/local/mail/start-mail";
import type { LocalService } from "@/local/service";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { sendSignInLink } from "./send-sign-in-link";
import { startDemoSession } from "./start-demo-session";

let world: TestWorld;
let mail: LocalService;
let ctx: Context;
beforeAll(async () => {
  world = await openTestWorld();
  mail = await startMail({ port: 0, dataDir: null });
  ctx = { ...world.ctx, email: openMailer({ ...world.ctx.env.mail, localUrl: mail.url }) };
});
afterAll(async () => {
  await world.close();
  await mail.close();
});

const inbox = async (to: string) =>
  (await (await fetch(`${mail.url}/inbox?to=${encodeURIComponent(to)}`)).json()) as {
    subject: string;
    html: string;
    text: string;
  }[];

test("the mail arrives with one link, and only its hash is stored", async () => {
  await sendSignInLink(ctx, { email: "Somebody@Person.Test", returnTo: "/playground", visitor: "a" });
  const [message] = await inbox("somebody@person.test");
  expect(message?.subject).toBe("Your sign-in link");
  const link = new URL(
    /http:\/\/localhost:3000\/sign-in\/confirm\?[^\s"]+/.exec(message?.text ?? "")?.[0] ?? "",
  );
  expect(link.searchParams.get("callbackUrl")).toBe("/playground");
  const stored = await ctx.db.verificationToken.findFirstOrThrow({
    where: { identifier: "somebody@person.test" },
  });
  expect(stored.token).not.toBe(link.searchParams.get("token"));
  expect(stored.expires.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000);
});

test("the mail has a code too, which the table tells only to who has the secret", async () => {
  await sendSignInLink(ctx, { email: "coder@person.test", returnTo: "/", visitor: "d" });
  const [message] = await inbox("coder@person.test");
  const code =
    /\b(\d{3}) (\d{3})\b/
      .exec(message?.text ?? "")
      ?.slice(1)
      .join("") ?? "";
  expect(code).toHaveLength(6);
  const { codeHash } = await ctx.db.verificationToken.findFirstOrThrow({
    where: { identifier: "coder@person.test" },
  });
  expect(codeHash).toBe(hashSignInCode(ctx.env.authSecret, { email: "coder@person.test", code }));
  expect(codeHash).not.toBe(hashSignInCode("another", { email: "coder@person.test", code }));
});

test.each(["a@evil.test,b@good.test", '"a@evil.test"@good.test', "b\uFF20good.test"])(
  "%j is nobody's address: no mail, no token (V11, GHSA-7rqj-j65f-68wh)",
  async (email) => {
    const before = await ctx.db.verificationToken.count();
    await expect(sendSignInLink(ctx, { email, returnTo: "/", visitor: "e" })).rejects.toThrow();
    expect(await ctx.db.verificationToken.count()).toBe(before);
    for (const mailbox of ["a@evil.test", "b@good.test", email]) expect(await inbox(mailbox)).toEqual([]);
  },
);

test("links that nobody used are forgotten with the next one, those still valid are not", async () => {
  const where = { identifier: "forgetful@person.test" };
  const stored = (expires: Date) =>
    ctx.db.verificationToken.create({ data: { ...where, token: expires.toISOString(), expires } });
  await stored(new Date(Date.now() - 1_000));
  const valid = await stored(new Date(Date.now() + 60_000));
  await sendSignInLink(ctx, { email: where.identifier, returnTo: "/", visitor: "c" });
  const tokens = await ctx.db.verificationToken.findMany({ where });
  expect(tokens).toHaveLength(2);
  expect(tokens.map(({ token }) => token)).toContain(valid.token);
});

test("one address gets five mails in a quarter of an hour, with Redis away too", async () => {
  const send = () => sendSignInLink(ctx, { email: "flooded@person.test", returnTo: "/", visitor: "b" });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, send));
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(5);
  expect(await inbox("flooded@person.test")).toHaveLength(5);
  await expect(send()).rejects.toMatchObject({ code: "rate_limited" });
});

test("outside local mode there are no demo accounts to sign in as, even when one is there", async () => {
  await world.createPerson("admin@demo.test");
  const hosted = { ...ctx, env: { ...ctx.env, local: false } };
  await expect(startDemoSession(hosted, { account: "admin@demo.test" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await ctx.db.session.count()).toBe(0);
  const { sessionToken } = await startDemoSession(ctx, { account: "admin@demo.test" });
  expect((await findViewer(ctx, sessionToken))?.email).toBe("admin@demo.test");
  // The same session in a database that went live.
  expect(await findViewer(hosted, sessionToken)).toBeNull();
  expect(await ctx.db.session.count({ where: { sessionToken } })).toBe(0);
});
