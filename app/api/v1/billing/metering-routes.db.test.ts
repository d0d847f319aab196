import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { callRoute, type RouteCall } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postCheck } from "./usage/check/route";
import { POST as postRecord } from "./usage/record/route";

let world: TestWorld;
let customerId: string;
let key: string;

beforeAll(async () => {
  world = await openTestWorld();
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
  key = await world.createKey(customerId);
  setConnections(world.ctx);
});
afterEach(() => setConnections(world.ctx));
afterAll(() => world.close());

type Row = Record<string, unknown>;
const use = (quantity: unknown = 1, meter: unknown = "ai_requests") => ({ meter, quantity });
const record = (body: unknown, call: RouteCall = {}) => callRoute(postRecord, key, { body, ...call });
const batch = async (records: unknown[], more: Row = {}, call: RouteCall = {}) => {
  const { status, json } = await record({ records, ...more }, call);
  return { status, json, rows: (json.records ?? []) as Row[] };
};
const check = (body: unknown) => callRoute(postCheck, key, { body });
const giveCredits = (credits: number) =>
  grantCredits(world.ctx, { customerId, key: newId(), credits, source: "purchased", expiresAt: null });
const unitsUsed = async () => {
  const events = await world.ctx.db.usageEvent.findMany({ where: { customerId } });
  return events.reduce((sum, { quantity }) => sum + Number(quantity), 0);
};

describe("POST /usage/record with many records (S2-33, S3-14)", () => {
  test("200 says what became of each, in their order: counted while there is room, then refused with the stable body", async () => {
    const { status, json, rows } = await batch([use(2), use(2), use(1), use(1)]);
    expect(status).toBe(200);
    expect(rows.map((row) => row.status)).toEqual(["recorded", "refused", "recorded", "refused"]);
    expect(rows[0]).toMatchObject({
      meter: "ai_requests",
      quantity: 2,
      paid_by: { allowance: 2 },
      error: null,
    });
    expect(rows[1]).toMatchObject({
      id: null,
      paid_by: null,
      error: {
        code: "limit_reached",
        title: "Upgrade or buy tokens",
        meter: "ai_requests",
        window: "day",
        limit: 3,
        used: 3,
        reset_at: expect.stringMatching(/T00:00:00\.000Z$/),
        suggestion: { kind: "upgrade", plan: "community-pro" },
      },
    });
    expect(json.meters).toMatchObject([
      { meter: "ai_requests", windows: [{ window: "day", used: 3, remaining: 0 }, { window: "month" }] },
    ]);
    expect(await unitsUsed()).toBe(3);
  });

  test("a record's own key is the one it would have alone: counted once, replayed after, and told when it was another use", async () => {
    await record(use(1), { headers: { "idempotency-key": "a" } });
    const records = [
      { ...use(1), idempotency_key: "a" },
      { ...use(1), idempotency_key: "b" },
      { ...use(1), idempotency_key: "b" },
      { ...use(2), idempotency_key: "a" },
    ];
    const { rows } = await batch(records);
    expect(rows.map((row) => row.status)).toEqual(["replayed", "recorded", "replayed", "mismatch"]);
    expect(rows.map((row) => row.idempotency_key)).toEqual(["a", "b", "b", "a"]);
    expect(rows[2]?.id).toBe(rows[1]?.id);
    expect(rows[3]?.error).toMatchObject({ code: "idempotency_mismatch" });
    expect(await unitsUsed()).toBe(2);
  });

  test("the request's Idempotency-Key stands for records without one: sent again nothing is counted again", async () => {
    const headers = { "idempotency-key": "nightly" };
    const first = await batch([use(1), use(1)], {}, { headers });
    const again = await batch([use(1), use(1)], {}, { headers });
    expect(again.rows.map((row) => row.status)).toEqual(["replayed", "replayed"]);
    expect(again.rows.map((row) => row.id)).toEqual(first.rows.map((row) => row.id));
    expect(await unitsUsed()).toBe(2);
  });

  test("all or none: one refused refuses all, with the limit's status and what became of each; nothing is counted", async () => {
    const { status, json, rows } = await batch([use(1), use(1), use(1), use(1)], { all_or_none: true });
    expect(status).toBe(403);
    expect(json).toMatchObject({ code: "limit_reached", meter: "ai_requests", limit: 3, used: 0 });
    expect(rows.map((row) => row.status)).toEqual(["not_all", "not_all", "not_all", "refused"]);
    expect(await unitsUsed()).toBe(0);
    const fits = await batch([use(1), use(2)], { all_or_none: true });
    expect(fits.status).toBe(200);
    expect(fits.rows.map((row) => row.status)).toEqual(["recorded", "recorded"]);
    expect(await unitsUsed()).toBe(3);
  });

  test("all or none: what is too much only together, over several limits and beside what was counted before, is refused like any use", async () => {
    await record(use(1), { headers: { "idempotency-key": "before" } });
    await giveCredits(2);
    const records = [
      { ...use(1), idempotency_key: "before" },
      { ...use(3), idempotency_key: "twin" },
      { ...use(3), idempotency_key: "twin" },
      use(8, "projects"),
      use(2),
      use(3, "projects"),
    ];
    const { status, json, rows } = await batch(records, { all_or_none: true });
    expect(status).toBe(403);
    expect(json).toMatchObject({
      code: "limit_reached",
      meter: "ai_requests",
      window: "day",
      limit: 3,
      used: 1,
    });
    expect(rows.map((row) => row.status)).toEqual([
      "replayed",
      "not_all",
      "not_all",
      "not_all",
      "refused",
      "refused",
    ]);
    expect(rows[5]?.error).toMatchObject({ code: "limit_reached", meter: "projects", limit: 10, used: 0 });
    expect(await unitsUsed()).toBe(1);
  });

  test("500 at once are counted in one call, and credits pay beyond the allowance to the last", async () => {
    await giveCredits(400);
    const { status, json, rows } = await batch(Array.from({ length: 500 }, () => use(1)));
    expect(status).toBe(200);
    const count = (name: string) => rows.filter((row) => row.status === name).length;
    expect({ recorded: count("recorded"), refused: count("refused") }).toEqual({
      recorded: 403,
      refused: 97,
    });
    expect(json.balance).toEqual({ credits: 0, held: 0, available: 0 });
    expect(await unitsUsed()).toBe(403);
  });

  test.each([
    ["a quantity of zero", [use(), use(), use(), use(0)], "records.3.quantity"],
    ["a negative quantity", [use(-1)], "records.0.quantity"],
    ["a fraction", [use(), use(0.5)], "records.1.quantity"],
    ["beyond 2^53", [use(2 ** 53)], "records.0.quantity"],
    ["a text", [use("1")], "records.0.quantity"],
    ["an unknown meter", [use(), use(1, "coffee")], "records.1.meter"],
    ["an unknown member", [{ ...use(), customer: "x" }], "records.0.customer"],
    [
      "a moment of the caller's own",
      [{ ...use(), occurred_at: "2020-01-01T00:00:00Z" }],
      "records.0.occurred_at",
    ],
    ["a blank key", [{ ...use(), idempotency_key: " " }], "records.0.idempotency_key"],
    ["a row that is none", [use(), null], "records.1"],
    ["no row", [], "records"],
    ["more than 500", Array.from({ length: 501 }, () => use()), "records"],
  ])(
    "422 for %s, naming the row, and not one is counted, all or none asked for or not",
    async (_name, records, field) => {
      for (const all_or_none of [false, true]) {
        const { status, json } = await batch(records, { all_or_none });
        expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
        expect(json.errors).toMatchObject([{ field }]);
      }
      expect(await unitsUsed()).toBe(0);
    },
  );

  test("every bad row is named at once", async () => {
    const { json } = await batch([use(0), use(), { meter: "ai_requests" }]);
    expect(json.errors).toMatchObject([{ field: "records.0.quantity" }, { field: "records.2.quantity" }]);
  });

  test.each([
    ["both shapes at once", { ...use(), records: [use()] }, "records"],
    ["a flag that is none", { records: [use()], all_or_none: "yes" }, "all_or_none"],
    ["no list", { records: use() }, "records"],
  ])("422 for %s", async (_name, body, field) => {
    const { status, json } = await record(body);
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ field }]);
  });
});

describe("POST /usage/check (S3-16, S2-54)", () => {
  /** Whatever a decision could write, as it is now. */
  async function everything(): Promise<string> {
    const { db } = world.ctx;
    const rows = await Promise.all([
      db.reservation.findMany(),
      db.usageEvent.findMany(),
      db.usageCounter.findMany(),
      db.usageThreshold.findMany(),
      db.overageLine.findMany(),
      db.customerBalance.findMany(),
      db.creditEntry.findMany(),
      db.creditLot.findMany(),
      db.idempotencyKey.findMany(),
    ]);
    return JSON.stringify(rows, (_name, value) => (typeof value === "bigint" ? `${value}n` : value));
  }

  test("200 with true says who would pay and how things stand, and writes nothing", async () => {
    await giveCredits(10);
    await record(use(2));
    const before = await everything();
    const { status, json } = await check(use(4));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      object: "usage_check",
      meter: "ai_requests",
      quantity: 4,
      allowed: true,
      reason: null,
      title: null,
      reset_at: null,
      suggestion: null,
      paid_by: { allowance: 1, credit_units: 3, credits: 3, overage: 0, uncovered: 0 },
      balance: { credits: 10, held: 0, available: 10 },
    });
    expect(json.windows).toMatchObject([
      { window: "day", used: 2, held: 0, remaining: 1, beyond: 0 },
      { window: "month", used: 2, held: 0 },
    ]);
    expect(await everything()).toBe(before);
  });

  test("200 with false says why not, when it resets and the way on, in the words of the refusal; and writes nothing", async () => {
    await record(use(3));
    const before = await everything();
    const { status, json } = await check(use(1));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      allowed: false,
      reason: "limit_reached",
      title: "Upgrade or buy tokens",
      paid_by: null,
      reset_at: expect.stringMatching(/T00:00:00\.000Z$/),
      suggestion: { kind: "upgrade", plan: "community-pro" },
    });
    expect(json.windows).toMatchObject([{ window: "day", limit: 3, used: 3, remaining: 0 }, {}]);
    expect(await everything()).toBe(before);
  });

  test("many at once do not stand in each other's way: each is answered as if it were alone", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => check(use(3))));
    for (const { json } of answers) {
      expect(json.allowed).toBe(true);
      expect((json.windows as Row[])[0]).toMatchObject({ used: 0, held: 0, remaining: 3 });
    }
  });

  test.each([
    ["zero", use(0), "quantity"],
    ["a negative quantity", use(-1), "quantity"],
    ["a fraction", use(1.5), "quantity"],
    ["beyond 2^53", use(2 ** 53), "quantity"],
    ["an unknown meter", use(1, "coffee"), "meter"],
    ["a key, which it has no use for", { ...use(), idempotency_key: "a" }, "idempotency_key"],
  ])("422 for %s, naming the field", async (_name, body, field) => {
    const { status, json } = await check(body);
    expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
    expect(json.errors).toMatchObject([{ field }]);
  });
});
