import { afterAll, beforeAll, expect, test } from "vitest";
import { findViewer } from "@/lib/auth/find-viewer";
import { openSession } from "@/lib/auth/open-session";
import { newId } from "@/lib/new-id";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { listSessions } from "./list-sessions";
import { revokeAllSessions } from "./revoke-all-sessions";
import { revokeSession } from "./revoke-session";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

async function signIn(userId: string) {
  const { sessionToken } = await openSession(world.ctx.db, {
    userId,
    userAgent: "Mozilla/5.0 (X11; Linux) Firefox/145.0",
  });
  const viewer = await findViewer(world.ctx, sessionToken);
  if (!viewer) throw new Error("not signed in");
  const isIn = async () => (await findViewer(world.ctx, sessionToken)) !== null;
  return { userId, sessionId: viewer.sessionId, isIn };
}

test("the list has a person's own sessions that are not over, this one first", async () => {
  const { userId } = await world.createPerson();
  const [mine, other, over] = [await signIn(userId), await signIn(userId), await signIn(userId)];
  await signIn((await world.createPerson()).userId);
  await world.ctx.db.session.update({
    where: { id: over.sessionId },
    data: { expires: new Date(Date.now() - 1) },
  });
  const list = await listSessions(world.ctx, { userId, currentSessionId: mine.sessionId });
  expect(list.map(({ id, isThisDevice, device }) => [id, isThisDevice, device])).toEqual([
    [mine.sessionId, true, "Firefox on Linux"],
    [other.sessionId, false, "Firefox on Linux"],
  ]);
});

test("a revoked session opens nothing from then on; the others go on (V11)", async () => {
  const { userId } = await world.createPerson();
  const [mine, lost] = [await signIn(userId), await signIn(userId)];
  await revokeSession(world.ctx, { userId, sessionId: lost.sessionId });
  expect([await mine.isIn(), await lost.isIn()]).toEqual([true, false]);
});

test("somebody else's session is not found, like one that never was, and goes on (V1)", async () => {
  const mine = await signIn((await world.createPerson()).userId);
  const theirs = await signIn((await world.createPerson()).userId);
  for (const sessionId of [theirs.sessionId, newId()]) {
    await expect(revokeSession(world.ctx, { userId: mine.userId, sessionId })).rejects.toMatchObject({
      code: "not_found",
    });
  }
  expect(await theirs.isIn()).toBe(true);
});

test("everywhere else leaves this session, everywhere leaves none, and nobody else's is touched (V11)", async () => {
  const { userId } = await world.createPerson();
  const theirs = await signIn((await world.createPerson()).userId);
  const [mine, second, third] = [await signIn(userId), await signIn(userId), await signIn(userId)];
  await revokeAllSessions(world.ctx, { userId, exceptSessionId: mine.sessionId });
  expect([await mine.isIn(), await second.isIn(), await third.isIn()]).toEqual([true, false, false]);
  await revokeAllSessions(world.ctx, { userId, exceptSessionId: null });
  expect([await mine.isIn(), await theirs.isIn()]).toEqual([false, true]);
});
