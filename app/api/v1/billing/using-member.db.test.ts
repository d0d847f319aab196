import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import { createUser } from "@/lib/auth/create-user";
import { setConnections } from "@/lib/context";
import type { RouteHandler } from "@/lib/http/handle-route";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { putCustomer } from "@/lib/services/customers/put-customer";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import { callRoute, type RouteCall } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postCommit } from "./reservations/[id]/commit/route";
import { POST as postReservation } from "./reservations/route";
import { POST as postCheck } from "./usage/check/route";
import { POST as postRecord } from "./usage/record/route";

const CAP = 100;

let world: TestWorld;
let platformKey: string;
let customerId: string;
/** Members: one who may use a hundred tokens, one who may use all there is. And somebody else. */
let capped: string;
let free: string;
let stranger: string;

beforeAll(async () => {
  world = await openTestWorld({ preset: "team-tokens" });
  platformKey = await world.createKey(null);
  stranger = (await world.createPerson()).userId;
});
beforeEach(async () => {
  setConnections(world.ctx);
  const team = { externalId: newId(), name: "Team", email: "team@team.test", metadata: {} };
  const { customer } = await putCustomer(world.ctx, { ...team, type: "group", actor: { kind: "system" } });
  customerId = customer.id;
  [capped, free] = [await join(BigInt(CAP)), await join(null)];
});
afterEach(() => setConnections(world.ctx));
afterAll(() => world.close());

async function join(usageCap: bigint | null): Promise<string> {
  const { db, now } = world.ctx;
  const person = { email: `${newId()}@person.test`, name: "Member", emailVerified: null, now };
  const { id: userId } = await createUser(db, person);
  await db.member.create({ data: { customerId, userId, role: "member", usageCap, createdAt: now } });
  return userId;
}

const use = (quantity: number, user_id?: string) => ({
  meter: "llm_tokens",
  quantity,
  ...(user_id && { user_id }),
});
const ask = (route: RouteHandler, body: unknown, call: RouteCall = {}) =>
  callRoute(route, platformKey, {
    body,
    ...call,
    headers: { "tollkeeper-customer": customerId, ...call.headers },
  });
const eventsOf = () =>
  world.ctx.db.usageEvent.findMany({ where: { customerId }, orderBy: { quantity: "asc" } });

describe("a platform key that names the member who uses it", () => {
  test("the event is the member's and their cap is held against it; the team goes on", async () => {
    expect((await ask(postRecord, use(CAP, capped))).status).toBe(200);
    const refused = await ask(postRecord, use(1, capped));
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ code: "limit_reached", window: "period", limit: CAP, used: CAP });
    // A larger plan does not raise what the team lets its member use.
    expect(refused.json.suggestion).toBeNull();
    expect((await ask(postRecord, use(1, free))).status).toBe(200);
    expect((await ask(postRecord, use(2))).status).toBe(200);
    expect((await eventsOf()).map(({ userId }) => userId)).toEqual([free, null, capped]);
    expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
  });

  test("a reservation holds the member's share, and its event is theirs", async () => {
    const held = await ask(postReservation, use(80, capped));
    expect(held.status).toBe(201);
    expect(held.json.windows).toContainEqual(
      expect.objectContaining({ user_id: capped, limit: CAP, held: 80, remaining: 20 }),
    );
    expect((await ask(postReservation, use(21, capped))).status).toBe(403);
    await ask(postCommit, { quantity: 50 }, { params: { id: String(held.json.id) } });
    expect(await eventsOf()).toMatchObject([{ userId: capped, quantity: 50n }]);
  });

  test("a check says that it is the member's cap, without an upgrade that would not help", async () => {
    await ask(postRecord, use(CAP, capped));
    const { json } = await ask(postCheck, use(1, capped));
    expect(json).toMatchObject({ allowed: false, reason: "member_cap_reached", suggestion: null });
    expect((await ask(postCheck, use(1, free))).json).toMatchObject({ allowed: true });
  });

  test("each record of many may name another; each is held against its own cap", async () => {
    const records = [use(60, capped), use(60, free), use(60, capped), use(5)];
    const { status, json } = await ask(postRecord, { records });
    expect(status).toBe(200);
    const rows = json.records as { status: string; error: unknown }[];
    expect(rows.map((row) => row.status)).toEqual(["recorded", "recorded", "refused", "recorded"]);
    expect(rows[2]?.error).toMatchObject({ window: "period", limit: CAP, used: 60 });
    expect(new Set((await eventsOf()).map(({ userId }) => userId))).toEqual(new Set([null, capped, free]));
  });

  test("all or none: what is too much only together is refused by the cap it exceeds, and counted is nothing", async () => {
    const records = [use(60, capped), use(9_000, free), use(60, capped)];
    const { status, json } = await ask(postRecord, { records, all_or_none: true });
    expect(status).toBe(403);
    expect(json).toMatchObject({ code: "limit_reached", window: "period", limit: CAP, used: 0 });
    const tooMany = [use(60, capped), use(9_000, free), use(1_000, free)];
    const team = await ask(postRecord, { records: tooMany, all_or_none: true });
    expect(team.json).toMatchObject({ code: "limit_reached", limit: 10_000, used: 0 });
    expect(await eventsOf()).toEqual([]);
  });
});

describe("who is not a member", () => {
  const asked = [
    ["POST /usage/record", postRecord, (user: string) => use(1, user), "user_id"],
    ["POST /usage/check", postCheck, (user: string) => use(1, user), "user_id"],
    ["POST /reservations", postReservation, (user: string) => use(1, user), "user_id"],
    [
      "POST /usage/record with many",
      postRecord,
      (user: string) => ({ records: [use(1), use(1, user)] }),
      "records.1.user_id",
    ],
  ] as const;

  test.each(asked)(
    "%s is 422, naming the field, and nothing is counted",
    async (_name, route, body, field) => {
      for (const user of [stranger, newId()]) {
        const { status, json } = await ask(route, body(user));
        expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
        expect(json.errors).toEqual([{ field, message: "is not a member of this customer" }]);
      }
      const { json } = await ask(route, body("me"));
      expect(json.errors).toEqual([{ field, message: "must be the id of a user" }]);
      expect(await world.ctx.db.reservation.count({ where: { customerId } })).toBe(0);
    },
  );

  test("who has left the team is refused from then on", async () => {
    expect((await ask(postRecord, use(1, free))).status).toBe(200);
    await world.ctx.db.member.delete({ where: { customerId_userId: { customerId, userId: free } } });
    expect((await ask(postRecord, use(1, free))).json).toMatchObject({ errors: [{ field: "user_id" }] });
  });

  test.each(asked)(
    "%s by the customer's own key names nobody: 422, its own members too",
    async (_name, route, body, field) => {
      const own = await world.createKey(customerId);
      const { status, json } = await callRoute(route, own, { body: body(capped) });
      expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
      expect(json.errors).toEqual([{ field, message: "is for platform keys" }]);
    },
  );
});

test("all or none where the team's day is too short: that is named, not the cap of a member who has room", async () => {
  const catalogue = readPreset("team-tokens");
  const plans = catalogue.plans.map((plan) => ({
    ...plan,
    allowances: plan.allowances.map((allowance) => ({ ...allowance, window: "day" as const })),
  }));
  await publishCatalogue(world.ctx, { catalogue: { ...catalogue, plans } });
  const records = [use(9_950, free), use(CAP - 10, capped)];
  const { json } = await ask(postRecord, { records, all_or_none: true });
  expect(json).toMatchObject({ code: "limit_reached", window: "day", limit: 10_000, used: 0 });
});
