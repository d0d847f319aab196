import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import type { RouteHandler } from "@/lib/http/handle-route";
import { callRoute } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { GET as getHistory } from "./usage/history/route";
import { POST as changeLevel, PUT as setLevel } from "./usage/levels/[meter]/route";
import { GET as getLevels } from "./usage/levels/route";
import { POST as postRecord } from "./usage/record/route";

let world: TestWorld;
let customerId: string;
let key: string;
let platformKey: string;

beforeAll(async () => {
  world = await openTestWorld();
  platformKey = await world.createKey(null);
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
  key = await world.createKey(customerId);
  setConnections(world.ctx);
});
afterEach(() => setConnections(world.ctx));
afterAll(() => world.close());

type Options = { meter?: string; idempotencyKey?: string; as?: string; customer?: string | null };

function ask(route: RouteHandler, body: unknown, options: Options = {}) {
  const { meter = "projects", idempotencyKey, as = platformKey, customer = customerId } = options;
  const headers: Record<string, string> = {
    ...(customer === null ? {} : { "tollkeeper-customer": customer }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
  };
  return callRoute(route, as, { body, params: { meter }, headers });
}
const set = (level: unknown, options?: Options) => ask(setLevel, { level }, options);
const change = (delta: unknown, options?: Options) => ask(changeLevel, { delta }, options);
const levels = async () => (await callRoute(getLevels, key)).json.data;

describe("a level, as projects are one", () => {
  test("GET /usage/levels says what there is, what there may be and what is left, of every meter that has a level", async () => {
    expect(await levels()).toEqual([
      {
        object: "usage_level",
        meter: "projects",
        unit: "projects",
        level: 0,
        held: 0,
        limit: 10,
        remaining: 10,
      },
    ]);
    await callRoute(postRecord, key, { body: { meter: "projects", quantity: 4 } });
    expect(await levels()).toMatchObject([{ level: 4, remaining: 6 }]);
  });

  test("PUT sets it, up and down, and POST changes it by so much; each says what it was and is", async () => {
    const { status, headers, json } = await set(7);
    expect({ status, cache: headers.get("cache-control") }).toEqual({
      status: 200,
      cache: "private, no-store",
    });
    expect(json).toMatchObject({ object: "usage_level", level: 7, remaining: 3, change: { from: 0, to: 7 } });
    expect((await change(-3)).json).toMatchObject({ level: 4, remaining: 6, change: { from: 7, to: 4 } });
    expect((await change(6)).json).toMatchObject({ level: 10, remaining: 0, change: { from: 4, to: 10 } });
    expect((await set(2)).json).toMatchObject({ level: 2, remaining: 8, change: { from: 10, to: 2 } });
  });

  test("what was lowered can be used again, and the history explains both ways", async () => {
    const body = { meter: "projects", quantity: 10 };
    await callRoute(postRecord, key, { body });
    expect((await callRoute(postRecord, key, { body: { ...body, quantity: 1 } })).status).toBe(403);
    await change(-1);
    expect((await callRoute(postRecord, key, { body: { ...body, quantity: 1 } })).status).toBe(200);
    const { json } = await callRoute(getHistory, key, { query: { meter: "projects" } });
    const events = json.data as { quantity: number }[];
    expect(events.map(({ quantity }) => quantity).sort((a, b) => a - b)).toEqual([-1, 1, 10]);
    expect(events.find(({ quantity }) => quantity < 0)).toMatchObject({
      held: 0,
      released: 0,
      paid_by: { allowance: -1, credit_units: 0, credits: 0, overage: 0, uncovered: 0 },
      details: { delta: -1, level_before: 10, level: 9 },
    });
  });

  test("403 above the limit, by either way, in the words of every refusal; the level stays (S1-94, S2-54)", async () => {
    await set(9);
    for (const { status, json } of [await set(11), await change(2)]) {
      expect(status).toBe(403);
      expect(json).toMatchObject({
        code: "limit_reached",
        title: "Upgrade or buy tokens",
        meter: "projects",
        window: "lifetime",
        limit: 10,
        used: 9,
        reset_at: null,
        suggestion: { kind: "upgrade", plan: "community-pro" },
      });
    }
    expect(await levels()).toMatchObject([{ level: 9 }]);
  });

  test("409 below zero, saying what there is; the level stays", async () => {
    await set(2);
    const { status, json } = await change(-3);
    expect({ status, code: json.code, level: json.level }).toEqual({
      status: 409,
      code: "conflict",
      level: 2,
    });
    expect(json.errors).toEqual([{ field: "delta", message: "must not be less than -2" }]);
    expect(await levels()).toMatchObject([{ level: 2 }]);
  });

  test("a repeated key changes it once and is answered what became of it then, with the level as it is now", async () => {
    await set(5);
    const first = await change(-2, { idempotencyKey: "gone-1" });
    await change(4);
    const again = await change(-2, { idempotencyKey: "gone-1" });
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.json).toMatchObject({ level: 7, change: first.json.change as object });
    // To set what is there already is a fact too: it holds whatever comes between.
    await set(7, { idempotencyKey: "audit" });
    await change(1);
    expect((await set(7, { idempotencyKey: "audit" })).json).toMatchObject({
      level: 8,
      change: { from: 7, to: 7 },
    });
    expect(await levels()).toMatchObject([{ level: 8 }]);
  });

  test("422 for a key that was used for another change", async () => {
    await set(5, { idempotencyKey: "a" });
    for (const { status, json } of [
      await set(4, { idempotencyKey: "a" }),
      await change(5, { idempotencyKey: "a" }),
    ])
      expect({ status, code: json.code }).toEqual({ status: 422, code: "idempotency_mismatch" });
    expect(await levels()).toMatchObject([{ level: 5 }]);
  });

  test.each([
    ["a negative level", setLevel, { level: -1 }, "level"],
    ["half a level", setLevel, { level: 0.5 }, "level"],
    ["a level beyond 2^53", setLevel, { level: 2 ** 53 }, "level"],
    ["a text", setLevel, { level: "3" }, "level"],
    ["no level", setLevel, {}, "level"],
    ["a change beside the level", setLevel, { level: 3, delta: 1 }, "delta"],
    ["a change of nothing", changeLevel, { delta: 0 }, "delta"],
    ["half a change", changeLevel, { delta: -0.5 }, "delta"],
    ["a change beyond 2^53", changeLevel, { delta: -(2 ** 53) }, "delta"],
  ])("422 for %s, naming the field, and nothing changes", async (_name, route, body, field) => {
    await set(3);
    const { status, json } = await ask(route, body);
    expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
    expect(json.errors).toMatchObject([{ field }]);
    expect(await levels()).toMatchObject([{ level: 3 }]);
  });

  test.each([
    ["that there is not", "coffee", /there is no meter "coffee"; there are: projects/],
    ["that is used up", "ai_requests", /is used up and has no level; there are: projects/],
  ])("422 for a meter %s", async (_name, meter, message) => {
    for (const { status, json } of [await set(1, { meter }), await change(1, { meter })]) {
      expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
      expect(json.errors).toEqual([{ field: "meter", message: expect.stringMatching(message) }]);
    }
  });
});

describe("who may change a level", () => {
  test("403 for the customer's own key: a level that one lowers oneself is no limit (V1)", async () => {
    await callRoute(postRecord, key, { body: { meter: "projects", quantity: 10 } });
    for (const answer of [await set(0, { as: key, customer: null }), await change(-1, { as: key })])
      expect({ status: answer.status, code: answer.json.code }).toEqual({ status: 403, code: "forbidden" });
    expect(await levels()).toMatchObject([{ level: 10 }]);
  });

  test("403 without the scope, 422 without a customer, 404 for one that is not there", async () => {
    const reader = await world.createKey(null, ["usage:read"]);
    expect((await set(1, { as: reader })).json).toMatchObject({ code: "forbidden", scope: "usage:write" });
    const nobody = await set(1, { customer: null });
    expect(nobody.json).toMatchObject({
      code: "invalid_request",
      errors: [{ field: "Tollkeeper-Customer" }],
    });
    expect((await set(1, { customer: "unknown" })).json).toMatchObject({ code: "not_found" });
  });

  test("503 while Postgres is away: nothing changes", async () => {
    setConnections({ ...world.ctx, db: openDb("postgresql://u:secret@127.0.0.1:1/none") });
    const { status, headers, json } = await set(1);
    expect({ status, code: json.code }).toEqual({ status: 503, code: "database_unavailable" });
    expect(headers.get("retry-after")).toBe("5");
  });
});
