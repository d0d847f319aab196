import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { callRoute } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postReservation } from "./reservations/route";
import { GET as getLimits } from "./usage/check/route";
import { POST as postRecord } from "./usage/record/route";

const FREE_TOKENS = 10_000;

let world: TestWorld;
let key: string;

beforeAll(async () => {
  world = await openTestWorld({ preset: "team-tokens" });
});
beforeEach(async () => {
  key = await world.createKey((await world.createPerson()).customerId);
  setConnections(world.ctx);
});
afterEach(() => setConnections(world.ctx));
afterAll(() => world.close());

const tokens = (quantity: number) => ({ body: { meter: "llm_tokens", quantity } });
const limits = async () => (await callRoute(getLimits, key)).json;

describe("GET /usage/check (S3-16, S3-24)", () => {
  test("200 with nothing to say while nothing is near its limit", async () => {
    await callRoute(postRecord, key, tokens(FREE_TOKENS * 0.8 - 1));
    const { status, headers, json } = await callRoute(getLimits, key);
    expect({ status, cache: headers.get("cache-control") }).toEqual({
      status: 200,
      cache: "private, no-store",
    });
    expect(json).toMatchObject({ object: "limit_check", plan: "free", warnings: [], suggestion: null });
  });

  test("warns from 80 % on and says at 100 % what the refusals say, each with the share that is used (S3-11, S3-44, S3-45)", async () => {
    await callRoute(postRecord, key, tokens(FREE_TOKENS * 0.8));
    expect((await limits()).warnings).toEqual([
      {
        meter: "llm_tokens",
        window: "period",
        percent: 80,
        title: "Warning - approaching limit. Consider upgrading.",
        limit: FREE_TOKENS,
        used: 8_000,
        used_percent: 80,
        reset_at: expect.stringMatching(/-10T12:00:00\.000Z$/),
      },
    ]);
    await callRoute(postReservation, key, tokens(1_999));
    expect((await limits()).warnings).toMatchObject([{ percent: 90, used: 9_999, used_percent: 99 }]);
    await callRoute(postRecord, key, tokens(1));
    const full = await limits();
    expect(full.warnings).toMatchObject([
      { percent: 100, title: "Limit reached - upgrade required", used: FREE_TOKENS, used_percent: 100 },
    ]);
    expect(full.suggestion).toMatchObject({ kind: "upgrade", plan: "basic", covers_projected_use: true });
  });

  test("403 with a key that may not read usage, 503 while Postgres is away", async () => {
    const billing = await world.createKey((await world.createPerson()).customerId, ["billing:read"]);
    expect((await callRoute(getLimits, billing)).json).toMatchObject({
      code: "forbidden",
      scope: "usage:read",
    });
    setConnections({ ...world.ctx, db: openDb("postgresql://u:secret@127.0.0.1:1/none") });
    const { status, headers, json } = await callRoute(getLimits, key);
    expect({ status, code: json.code }).toEqual({ status: 503, code: "database_unavailable" });
    expect(headers.get("retry-after")).toBe("5");
  });
});
