import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findViewer } from "@/lib/auth/find-viewer";
import { openSession } from "@/lib/auth/open-session";
import type { Context } from "@/lib/context";
import { openMailer } from "@/lib/email/mailer";
import { startMail } from "@/local/mail/start-mail";
import type { LocalService } from "@/local/service";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { confirmEmailChange } from "./confirm-email-change";
import { findEmailChange, findPendingAddress } from "./find-email-change";
import { requestEmailChange } from "./request-email-change";

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

const newAddress = () => `${randomUUID()}@person.test`;
const inbox = async (to: string) =>
  (await (await fetch(`${mail.url}/inbox?to=${encodeURIComponent(to)}`)).json()) as {
    subject: string;
    text: string;
  }[];
const tokenFor = async (to: string) =>
  /confirm-email\?token=([0-9a-f]{64})/.exec((await inbox(to))[0]?.text ?? "")?.[1] ?? "";
const confirm = (token: string, currentSessionId: string | null = null) =>
  confirmEmailChange(ctx, { token, currentSessionId });

/** A person whose change to a new address was asked for, and what was mailed. */
async function changing() {
  const [oldEmail, newEmail] = [newAddress(), newAddress()];
  const person = await world.createPerson(oldEmail);
  await requestEmailChange(ctx, { userId: person.userId, newEmail });
  return {
    ...person,
    oldEmail,
    newEmail,
    oldToken: await tokenFor(oldEmail),
    newToken: await tokenFor(newEmail),
  };
}
const emailOf = async (id: string) => (await ctx.db.user.findUniqueOrThrow({ where: { id } })).email;

test.each(["old first", "new first"])("it happens with the second confirmation, %s", async (order) => {
  const { userId, customerId, oldEmail, newEmail, oldToken, newToken } = await changing();
  await ctx.db.customer.update({
    where: { id: customerId },
    data: { name: oldEmail, stripeCustomerId: `cus_${userId}` },
  });
  const here = await openSession(ctx.db, { userId, userAgent: null });
  const elsewhere = await openSession(ctx.db, { userId, userAgent: null });
  const sessionId = (await findViewer(ctx, here.sessionToken))?.sessionId ?? "";
  const [first, second] = order === "old first" ? [oldToken, newToken] : [newToken, oldToken];

  for (let again = 0; again < 2; again += 1) expect(await confirm(first)).toEqual({ state: "waiting" });
  expect(await emailOf(userId)).toBe(oldEmail);
  expect(await findEmailChange(ctx, { token: first })).toMatchObject({ isConfirmedHere: true });
  expect(await findEmailChange(ctx, { token: second })).toMatchObject({ isConfirmedHere: false });

  expect(await confirm(second, sessionId)).toEqual({ state: "changed", oldEmail, newEmail });
  expect(await emailOf(userId)).toBe(newEmail);
  expect(await ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } })).toMatchObject({
    email: newEmail,
    name: newEmail,
  });
  expect(await findViewer(ctx, here.sessionToken)).toMatchObject({ email: newEmail });
  expect(await findViewer(ctx, elsewhere.sessionToken)).toBeNull();
  expect((await inbox(oldEmail))[0]?.subject).toBe("Your e-mail address was changed");
  const command = await ctx.db.stripeCommand.findFirstOrThrow({
    where: { customerId, kind: "customers.update" },
  });
  expect(command).toMatchObject({ state: "pending", parameters: { email: newEmail } });
  for (const token of [oldToken, newToken])
    await expect(confirm(token)).rejects.toMatchObject({ code: "not_found" });
});

test("both addresses at the same time change it once", async () => {
  const { userId, newEmail, oldEmail, oldToken, newToken } = await changing();
  const outcomes = await Promise.all([confirm(oldToken), confirm(newToken)]);
  expect(outcomes.map(({ state }) => state).sort()).toEqual(["changed", "waiting"]);
  expect(await emailOf(userId)).toBe(newEmail);
  expect(await inbox(oldEmail)).toHaveLength(2);
});

test("one address twice is not both (V11)", async () => {
  const { userId, oldEmail, newToken } = await changing();
  const outcomes = await Promise.all([confirm(newToken), confirm(newToken), confirm(newToken)]);
  expect(outcomes).toEqual(Array(3).fill({ state: "waiting" }));
  expect(await emailOf(userId)).toBe(oldEmail);
});

test("that an address is taken is told to that address alone", async () => {
  const [taken, oldEmail] = [newAddress(), newAddress()];
  await world.createPerson(taken);
  const { userId } = await world.createPerson(oldEmail);
  await expect(requestEmailChange(ctx, { userId, newEmail: taken })).resolves.toBeUndefined();
  expect(await findPendingAddress(ctx, { userId })).toBe(taken);
  const [message] = await inbox(taken);
  expect(message?.subject).toBe("This address has an account already");
  expect(message?.text).not.toContain("token=");
  expect(message?.text).not.toContain(oldEmail);
  expect(await confirm(await tokenFor(oldEmail))).toEqual({ state: "waiting" });
});

test("an address that got an account in between is a clear refusal, and nothing is changed", async () => {
  const { userId, oldEmail, newEmail, oldToken, newToken } = await changing();
  await world.createPerson(newEmail);
  await confirm(oldToken);
  await expect(confirm(newToken)).rejects.toMatchObject({ code: "conflict" });
  expect(await emailOf(userId)).toBe(oldEmail);
});

test("a new request replaces the old, and none works after a day", async () => {
  const { userId, oldToken, newToken } = await changing();
  const newer = newAddress();
  await requestEmailChange(ctx, { userId, newEmail: newer });
  for (const token of [oldToken, newToken])
    await expect(confirm(token)).rejects.toMatchObject({ code: "not_found" });
  await ctx.db.emailChange.updateMany({ where: { userId }, data: { expiresAt: new Date(Date.now() - 1) } });
  await expect(confirm(await tokenFor(newer))).rejects.toMatchObject({ code: "not_found" });
  expect(await findPendingAddress(ctx, { userId })).toBeNull();
});

test("one's own address, a demo account's, and the sixth request in an hour are refused", async () => {
  const email = newAddress();
  const { userId } = await world.createPerson(email);
  const ask = (newEmail: string) => requestEmailChange(ctx, { userId, newEmail });
  for (const refused of [email, "admin@demo.test"])
    await expect(ask(refused)).rejects.toMatchObject({ code: "invalid_request" });
  for (let asked = 0; asked < 5; asked += 1) await ask(newAddress());
  await expect(ask(newAddress())).rejects.toMatchObject({ code: "rate_limited" });
  expect(await ctx.db.emailChange.count({ where: { userId } })).toBe(1);
});
