import { afterAll, beforeAll, expect, test } from "vitest";
import { signOut } from "@/lib/services/sign-in/sign-out";
import { startDemoSession } from "@/lib/services/sign-in/start-demo-session";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { findViewer } from "./find-viewer";
import { hashToken } from "./hash-token";
import { openSession } from "./open-session";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  await world.createPerson("admin@demo.test");
});
afterAll(() => world.close());

async function openUntil(expires: Date): Promise<{ token: string; userId: string; customerId: string }> {
  const person = await world.createPerson();
  const { sessionToken } = await openSession(world.ctx.db, { userId: person.userId, userAgent: null });
  await world.ctx.db.session.update({ where: { sessionToken: hashToken(sessionToken) }, data: { expires } });
  return { token: sessionToken, ...person };
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

test("a session's token opens it for its own person and their own customer, until it ends", async () => {
  const { token, userId, customerId } = await openUntil(inAnHour());
  expect(await findViewer(world.ctx, token)).toMatchObject({ userId, customer: { id: customerId } });
  await signOut(world.ctx, { sessionToken: token });
  expect(await findViewer(world.ctx, token)).toBeNull();
});

test("a session that has expired, no token, and what the table holds open nothing", async () => {
  const expired = await openUntil(new Date(Date.now() - 1));
  expect(await findViewer(world.ctx, expired.token)).toBeNull();
  expect(await findViewer(world.ctx, undefined)).toBeNull();
  expect(await findViewer(world.ctx, "")).toBeNull();
  const { token } = await openUntil(inAnHour());
  expect(await findViewer(world.ctx, hashToken(token))).toBeNull();
});

test("a demo session opens in local mode only, even where the demo account is there", async () => {
  const { sessionToken } = await startDemoSession(world.ctx, { account: "admin@demo.test" });
  expect(await findViewer(world.ctx, sessionToken)).toMatchObject({ email: "admin@demo.test" });
  const hosted = { ...world.ctx, env: { ...world.ctx.env, local: false } };
  const before = await world.ctx.db.session.count();
  await expect(startDemoSession(hosted, { account: "admin@demo.test" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await world.ctx.db.session.count()).toBe(before);
});

test("a session notes when it was seen, at most every five minutes, and what browser it is in", async () => {
  const { userId } = await world.createPerson();
  const userAgent = `Browser/1.0 ${"x".repeat(400)}`;
  const { sessionToken } = await openSession(world.ctx.db, { userId, userAgent });
  const where = { sessionToken: hashToken(sessionToken) };
  const read = () => world.ctx.db.session.findUniqueOrThrow({ where });
  const seen = async (minutesAgo: number) => {
    const lastSeenAt = new Date(Date.now() - minutesAgo * 60_000);
    await world.ctx.db.session.update({ where, data: { lastSeenAt } });
    await findViewer(world.ctx, sessionToken);
    return (await read()).lastSeenAt.getTime() - lastSeenAt.getTime();
  };
  expect((await read()).userAgent).toBe(userAgent.slice(0, 300));
  expect(await seen(4)).toBe(0);
  expect(await seen(6)).toBeGreaterThan(5 * 60_000);
});
