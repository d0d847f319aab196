import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consumeSignInToken } from "@/lib/auth/consume-sign-in-token";
import { findViewer } from "@/lib/auth/find-viewer";
import { SIGN_IN_CODE_TRIES } from "@/lib/domain/sign-in-code";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { issueSignInLink } from "./issue-sign-in-link";
import { signInWithCode } from "./sign-in-with-code";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const newAddress = () => `${randomUUID()}@person.test`;
const issue = async (email: string) => (await issueSignInLink(world.ctx, { email, returnTo: "/" })).code;
/** Each from a visitor of its own: the limits are what another test is about. */
const enter = (email: string, code: string, visitor: string = randomUUID()) =>
  signInWithCode(world.ctx, { email, code, visitor, userAgent: "Firefox/145.0" });
const wrong = (code: string) => (code === "000000" ? "000001" : "000000");
const outcomesOf = async (calls: Promise<unknown>[]) => {
  const settled = await Promise.allSettled(calls);
  const refusals = settled.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  return { succeeded: settled.length - refusals.length, refusals: [...new Set(refusals)] };
};
const sessionsOf = (email: string) => world.ctx.db.session.count({ where: { user: { email } } });

test("the code makes the account, signs in as its verified owner, and remembers the browser", async () => {
  const email = newAddress();
  const { sessionToken } = await enter(email, await issue(email));
  expect(await findViewer(world.ctx, sessionToken)).toMatchObject({ email, customer: { name: email } });
  const session = await world.ctx.db.session.findFirstOrThrow({
    where: { user: { email } },
    include: { user: true },
  });
  expect(session.userAgent).toBe("Firefox/145.0");
  expect(session.sessionToken).not.toBe(sessionToken);
  expect(session.user.emailVerified).not.toBeNull();
});

test("who has an account gets into it, and into no second one", async () => {
  const email = newAddress();
  const { userId } = await world.createPerson(email);
  await enter(email, await issue(email));
  const users = await world.ctx.db.user.findMany({ where: { email } });
  expect(users.map(({ id }) => id)).toEqual([userId]);
  expect(users[0]?.emailVerified).not.toBeNull();
});

test("ten right codes at the same time open one session (V11)", async () => {
  const email = newAddress();
  const code = await issue(email);
  const { succeeded, refusals } = await outcomesOf(Array.from({ length: 10 }, () => enter(email, code)));
  expect({ succeeded, refusals }).toEqual({ succeeded: 1, refusals: ["unauthenticated"] });
  expect(await sessionsOf(email)).toBe(1);
});

test("twelve guesses at the same time are five tries: the right code is then worth nothing (V11)", async () => {
  const email = newAddress();
  const code = await issue(email);
  await outcomesOf(Array.from({ length: 12 }, () => enter(email, wrong(code))));
  const mail = await world.ctx.db.verificationToken.findFirstOrThrow({ where: { identifier: email } });
  expect(mail.codeAttempts).toBe(SIGN_IN_CODE_TRIES);
  await expect(enter(email, code)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await sessionsOf(email)).toBe(0);
  // The link goes on working: guessing at a code locks nobody out.
  expect(await consumeSignInToken(world.ctx.db, mail)).toMatchObject({ identifier: email });
});

test("four wrong tries leave the fifth", async () => {
  const email = newAddress();
  const code = await issue(email);
  for (let tries = 0; tries < 4; tries += 1)
    await expect(enter(email, wrong(code))).rejects.toMatchObject({ code: "unauthenticated" });
  await enter(email, code);
  expect(await sessionsOf(email)).toBe(1);
});

describe("one mail signs in once", () => {
  test("the code uses the links up, of all mails, and a code does not work twice", async () => {
    const email = newAddress();
    await issue(email);
    const code = await issue(email);
    await enter(email, code);
    expect(await world.ctx.db.verificationToken.count({ where: { identifier: email } })).toBe(0);
    await expect(enter(email, code)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("a link and the codes of two mails at the same time: exactly one of them (V11)", async () => {
    for (let round = 0; round < 8; round += 1) {
      const email = newAddress();
      const codes = [await issue(email), await issue(email)];
      const [mail] = await world.ctx.db.verificationToken.findMany({ where: { identifier: email } });
      if (!mail) throw new Error("no mail");
      const link = async () => {
        if (!(await consumeSignInToken(world.ctx.db, mail)))
          throw Object.assign(new Error(), { code: "used" });
      };
      const { succeeded } = await outcomesOf([...codes.map((code) => enter(email, code)), link(), link()]);
      expect(succeeded).toBe(1);
      expect(await world.ctx.db.verificationToken.count({ where: { identifier: email } })).toBe(0);
    }
  });
});

test("a code of another address, an old one and one never sent get the same answer", async () => {
  const [email, other] = [newAddress(), newAddress()];
  const [code, otherCode] = [await issue(email), await issue(other)];
  const refusal = await enter(email, wrong(code)).catch((error) => error.publicMessage);
  if (code !== otherCode)
    expect(await enter(email, otherCode).catch((error) => error.publicMessage)).toBe(refusal);
  expect(await enter(newAddress(), code).catch((error) => error.publicMessage)).toBe(refusal);
  await world.ctx.db.verificationToken.updateMany({
    where: { identifier: email },
    data: { expires: new Date(Date.now() - 1) },
  });
  expect(await enter(email, code).catch((error) => error.publicMessage)).toBe(refusal);
});

test("twenty tries an address a day, whoever makes them and however many mails are asked for (V11)", async () => {
  const email = newAddress();
  for (let tries = 0; tries < 20; tries += 1)
    await expect(enter(email, "000000")).rejects.toMatchObject({ code: "unauthenticated" });
  const code = await issue(email);
  await expect(enter(email, code)).rejects.toMatchObject({ code: "rate_limited" });
});

test("thirty tries a visitor in a quarter of an hour, for whatever addresses (V11)", async () => {
  const calls = Array.from({ length: 33 }, () => enter(newAddress(), "000000", "one visitor"));
  const settled = await Promise.allSettled(calls);
  const limited = settled.filter((one) => one.status === "rejected" && one.reason.code === "rate_limited");
  expect(limited).toHaveLength(3);
});
