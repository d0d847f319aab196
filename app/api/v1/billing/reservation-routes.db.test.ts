import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { expireReservations } from "@/lib/services/usage/expire-reservations";
import { callRoute, type RouteCall, requestRoute } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postCommit } from "./reservations/[id]/commit/route";
import { POST as postRelease } from "./reservations/[id]/release/route";
import { POST as postReservation } from "./reservations/route";

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

const reserve = (body: unknown, call: RouteCall = {}, as = key) =>
  callRoute(postReservation, as, { body, ...call });
const hold = async (quantity = 1): Promise<string> => {
  const { status, json } = await reserve({ meter: "ai_requests", quantity });
  expect(status).toBe(201);
  return String(json.id);
};
const commit = (id: string, body: unknown, as = key) => callRoute(postCommit, as, { body, params: { id } });
const release = (id: string, as = key) => callRoute(postRelease, as, { method: "POST", params: { id } });
const giveCredits = (credits: number) =>
  grantCredits(world.ctx, { customerId, key: newId(), credits, source: "purchased", expiresAt: null });
const eventsOf = () => world.ctx.db.usageEvent.findMany({ where: { customerId } });
const dayOf = (json: Record<string, unknown>) =>
  (json.windows as { window: string }[]).find(({ window }) => window === "day");

describe("POST /reservations (S1-97, K-28)", () => {
  test("201 says who pays, what is left and when it resets, with the subscription context (S0-53)", async () => {
    const { status, headers, json } = await reserve({ meter: "ai_requests", quantity: 2 });
    expect(status).toBe(201);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(json).toMatchObject({
      object: "reservation",
      state: "held",
      meter: "ai_requests",
      quantity: 2,
      paid_by: { allowance: 2, credit_units: 0, credits: 0, overage: 0, uncovered: 0 },
      balance: { credits: 0, held: 0, available: 0 },
      subscription: { plan: "explorer", limit_today: 3 },
    });
    expect(dayOf(json)).toMatchObject({ limit: 3, used: 0, held: 2, remaining: 1, beyond: 0, user_id: null });
    expect(await eventsOf()).toEqual([]);
  });

  test("what the allowance does not hold is held of the credits, which are then not available", async () => {
    await giveCredits(10);
    const { json } = await reserve({ meter: "ai_requests", quantity: 5 });
    expect(json).toMatchObject({
      quantity: 5,
      paid_by: { allowance: 3, credit_units: 2, credits: 2, overage: 0, uncovered: 0 },
      balance: { credits: 10, held: 2, available: 8 },
    });
  });

  test("fewer than asked for are held where `min_quantity` says so, and it is said how many", async () => {
    const { json } = await reserve({ meter: "ai_requests", quantity: 10, min_quantity: 1 });
    expect(json).toMatchObject({ quantity: 3, paid_by: { allowance: 3 } });
  });

  test("403 at the limit with the stable body, and nothing is held (S1-94, S2-54)", async () => {
    await hold(3);
    const { status, json } = await reserve({ meter: "ai_requests", quantity: 1 });
    expect(status).toBe(403);
    expect(json).toMatchObject({
      code: "limit_reached",
      meter: "ai_requests",
      window: "day",
      limit: 3,
      used: 3,
      reset_at: expect.stringMatching(/T00:00:00\.000Z$/),
      suggestion: { kind: "upgrade", plan: "community-pro" },
    });
    expect(await world.ctx.db.reservation.count({ where: { customerId } })).toBe(1);
  });

  test("a repeated Idempotency-Key holds once and is answered with the state by now: 201, 200, and 422 for another use", async () => {
    const call = { headers: { "idempotency-key": "call-1" } };
    const first = await reserve({ meter: "ai_requests", quantity: 2 }, call);
    const again = await reserve({ meter: "ai_requests", quantity: 2 }, call);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.json).toMatchObject({ id: first.json.id, state: "held" });
    expect(dayOf(again.json)).toMatchObject({ held: 2 });
    await commit(String(first.json.id), { quantity: 1 });
    expect((await reserve({ meter: "ai_requests", quantity: 2 }, call)).json).toMatchObject({
      id: first.json.id,
      state: "committed",
    });
    const other = await reserve({ meter: "ai_requests", quantity: 1 }, call);
    expect({ status: other.status, code: other.json.code }).toEqual({
      status: 422,
      code: "idempotency_mismatch",
    });
  });

  test("the same key of two customers is two keys", async () => {
    const other = await world.createPerson();
    const headers = { "idempotency-key": "shared" };
    const mine = await reserve({ meter: "ai_requests", quantity: 1 }, { headers });
    const theirs = await reserve(
      { meter: "ai_requests", quantity: 1 },
      { headers },
      await world.createKey(other.customerId),
    );
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.json.id).not.toBe(mine.json.id);
  });

  test("who hangs up before it is decided holds nothing", async () => {
    const signal = AbortSignal.abort();
    const body = { meter: "ai_requests", quantity: 1 };
    const response = await requestRoute(postReservation, key, { body, signal });
    expect(response.status).toBe(499);
    expect(await world.ctx.db.reservation.count({ where: { customerId } })).toBe(0);
  });

  test("of 20 at once exactly three are held", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => reserve({ meter: "ai_requests", quantity: 1 })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(3).fill(201), ...Array(17).fill(403)]);
  });
});

describe("POST /reservations/{id}/commit", () => {
  test("200 with what was posted; the rest is given back, and the event explains itself", async () => {
    const id = await hold(3);
    const { status, json } = await commit(id, {
      quantity: 1,
      source: "provider",
      model: "local-1",
      request_id: "req_7",
      details: { input_tokens: 120, finish_reason: "stop", cached: true },
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      object: "reservation",
      id,
      state: "committed",
      quantity: 1,
      paid_by: { allowance: 1, credit_units: 0, credits: 0, overage: 0, uncovered: 0 },
    });
    expect(await eventsOf()).toMatchObject([
      {
        quantity: 1n,
        held: 3n,
        source: "provider",
        model: "local-1",
        requestId: "req_7",
        details: { input_tokens: 120, finish_reason: "stop", cached: true },
      },
    ]);
    expect(await hold(2)).toBeTruthy();
  });

  test("more than was held is taken from the credits at the price it had, and what nobody covers is said", async () => {
    await giveCredits(5);
    const id = await hold(3);
    const { json } = await commit(id, { quantity: 6, credits_per_unit: 2 });
    expect(json).toMatchObject({
      quantity: 6,
      paid_by: { allowance: 3, credit_units: 3, credits: 5, overage: 0, uncovered: 0 },
    });
    const more = await reserve({ meter: "ai_requests", quantity: 1 });
    expect(more.status).toBe(403);
  });

  test("twice is the first answer, whatever the second says; at once too", async () => {
    const id = await hold(3);
    const answers = await Promise.all([2, 2, 2, 2].map((quantity) => commit(id, { quantity })));
    answers.push(await commit(id, { quantity: 3 }));
    for (const { status, json } of answers) {
      expect(status).toBe(200);
      expect(json).toEqual(answers[0]?.json);
    }
    expect(await eventsOf()).toMatchObject([{ quantity: 2n }]);
  });

  test("409 after it was released, and nothing is posted", async () => {
    const id = await hold();
    await release(id);
    const { status, json } = await commit(id, { quantity: 1 });
    expect({ status, code: json.code }).toEqual({ status: 409, code: "conflict" });
    expect(await eventsOf()).toEqual([]);
  });

  test("200 after it expired: the work was done", async () => {
    const id = await hold();
    const later = world.at(new Date(Date.now() + 3_600_000));
    expect(await expireReservations(later, { limit: 100 })).toBeGreaterThan(0);
    const { status, json } = await commit(id, { quantity: 1 });
    expect(status).toBe(200);
    expect(json).toMatchObject({ state: "committed", quantity: 1, paid_by: { allowance: 1 } });
    expect(await eventsOf()).toHaveLength(1);
  });

  test.each([
    ["a negative quantity", { quantity: -1 }, "quantity"],
    ["a fraction", { quantity: 0.5 }, "quantity"],
    ["more than 2^53", { quantity: 2 ** 53 + 2 }, "quantity"],
    ["no quantity", {}, "quantity"],
    ["a negative price", { quantity: 1, credits_per_unit: -1 }, "credits_per_unit"],
    ["a price beyond reason", { quantity: 1, credits_per_unit: 1e12 }, "credits_per_unit"],
    ["an unknown source", { quantity: 1, source: "guess" }, "source"],
    ["a model with a NUL", { quantity: 1, model: "a\u0000" }, "model"],
    ["half a character", { quantity: 1, request_id: "\ud800" }, "request_id"],
    ["a long text", { quantity: 1, details: { note: "x".repeat(201) } }, "details.note"],
    ["a list among the details", { quantity: 1, details: { list: [1] } }, "details.list"],
    [
      "a price version of the caller's own",
      { quantity: 1, details: { price_version: "x" } },
      "details.price_version",
    ],
    ["a name no column could have", { quantity: 1, details: { "A B": 1 } }, "details.A B"],
    [
      "too many details",
      { quantity: 1, details: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`d${i}`, i])) },
      "details",
    ],
  ])("422 for %s, naming the field, and the hold stays", async (_name, body, field) => {
    const id = await hold();
    const { status, json } = await commit(id, body);
    expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
    expect(json.errors).toMatchObject([{ field }]);
    expect(await world.ctx.db.reservation.findMany({ where: { customerId } })).toMatchObject([
      { state: "held" },
    ]);
  });
});

describe("POST /reservations/{id}/release", () => {
  test("200 gives the hold back, and twice is 200", async () => {
    const id = await hold(3);
    for (const _ of [1, 2]) {
      const { status, json } = await release(id);
      expect({ status, json }).toEqual({
        status: 200,
        json: { object: "reservation", id, state: "released" },
      });
    }
    expect(await hold(3)).not.toBe(id);
    expect(await eventsOf()).toEqual([]);
  });

  test("409 after it was committed, and the use stays posted", async () => {
    const id = await hold();
    await commit(id, { quantity: 1 });
    const { status, json } = await release(id);
    expect({ status, code: json.code }).toEqual({ status: 409, code: "conflict" });
    expect(await eventsOf()).toHaveLength(1);
  });

  test("200 after it expired, and a commit that comes later still is posted", async () => {
    const id = await hold();
    await expireReservations(world.at(new Date(Date.now() + 3_600_000)), { limit: 100 });
    expect((await release(id)).status).toBe(200);
    expect((await commit(id, { quantity: 1 })).status).toBe(200);
    expect(await eventsOf()).toHaveLength(1);
  });

  test("a commit and a release at once: one of them wins, the other is told", async () => {
    const id = await hold();
    const [committed, released] = await Promise.all([commit(id, { quantity: 1 }), release(id)]);
    expect([committed.status, released.status].sort()).toEqual([200, 409]);
    expect(await eventsOf()).toHaveLength(committed.status === 200 ? 1 : 0);
  });
});

describe("a reservation that is not theirs", () => {
  test("404 to commit or release another customer's, and it stays held", async () => {
    const id = await hold();
    const stranger = await world.createKey((await world.createPerson()).customerId);
    for (const answer of [await commit(id, { quantity: 1 }, stranger), await release(id, stranger)])
      expect({ status: answer.status, code: answer.json.code }).toEqual({ status: 404, code: "not_found" });
    expect(await world.ctx.db.reservation.findMany({ where: { customerId } })).toMatchObject([
      { state: "held" },
    ]);
    expect((await commit(newId(), { quantity: 1 })).status).toBe(404);
  });

  test.each(["x", "%00", "1", "not-a-uuid-at-all"])("422 for the id %j, which is none", async (id) => {
    for (const { status, json } of [await commit(id, { quantity: 1 }), await release(id)]) {
      expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
      expect(json.errors).toMatchObject([{ field: "id" }]);
    }
  });

  test("403 with a key that may only read", async () => {
    const reader = await world.createKey(customerId, ["usage:read"]);
    const id = await hold();
    const answers = [
      await reserve({ meter: "ai_requests", quantity: 1 }, {}, reader),
      await commit(id, { quantity: 1 }, reader),
      await release(id, reader),
    ];
    for (const { status, json } of answers)
      expect({ status, scope: json.scope }).toEqual({ status: 403, scope: "usage:write" });
  });
});
