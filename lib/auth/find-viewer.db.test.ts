import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/new-id";
import { signOut } from "@/lib/services/sign-in/sign-out";
import { startDemoSession } from "@/lib/services/sign-in/start-demo-session";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { findViewer } from "./find-viewer";
import { hashToken } from "./hash-token";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  await world.createPerson("admin@demo.test");
});
afterAll(() => world.close());

async function openSession(expires: Date): Promise<{ token: string; userId: string; customerId: string }> {
  const person = await world.createPerson();
  const token = newId();
  await world.ctx.db.session.create({
    data: { id: newId(), sessionToken: hashToken(token), userId: person.userId, expires },
  });
  return { token, ...person };
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

test("a session's token opens it for its own person and their own customer, until it ends", async () => {
  const { token, userId, customerId } = await openSession(inAnHour());
  expect(await findViewer(world.ctx, token)).toMatchObject({ userId, customer: { id: customerId } });
  await signOut(world.ctx, { sessionToken: token });
  expect(await findViewer(world.ctx, token)).toBeNull();
});

test("a session that has expired, no token, and what the table holds open nothing", async () => {
  const expired = await openSession(new Date(Date.now() - 1));
  expect(await findViewer(world.ctx, expired.token)).toBeNull();
  expect(await findViewer(world.ctx, undefined)).toBeNull();
  expect(await findViewer(world.ctx, "")).toBeNull();
  const { token } = await openSession(inAnHour());
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
