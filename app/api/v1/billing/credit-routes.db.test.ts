import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { clawBackCredits, grantCredits } from "@/lib/services/credits/post-credits";
import { callRoute } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { GET as getHistory } from "./credits/history/route";
import { GET as getCredits } from "./credits/route";
import { POST as postReservation } from "./reservations/route";
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
afterAll(() => world.close());

const give = (credits: number, source: "purchased" | "gift" = "purchased", expiresAt: Date | null = null) =>
  grantCredits(world.ctx, {
    customerId,
    key: newId(),
    credits,
    source,
    expiresAt,
    reference: `for-${credits}`,
  });
const use = (quantity: number) => ({ body: { meter: "ai_requests", quantity } });
const history = (query: Record<string, string> = {}, as = key) => callRoute(getHistory, as, { query });
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

describe("GET /credits (S1-73)", () => {
  test("the balance starts at nothing (S1-78)", async () => {
    const { status, headers, json } = await callRoute(getCredits, key);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(json).toMatchObject({
      object: "credits",
      balance: 0,
      held: 0,
      available: 0,
      debt: 0,
      expiring: [],
      lots: [],
    });
  });

  test("says what is there, what open reservations keep, and which lots end when; the rest never does (S1-20)", async () => {
    await give(100_000);
    await give(50, "gift", inDays(30));
    await give(20, "gift", inDays(10));
    await give(7, "gift", inDays(-1));
    await callRoute(postReservation, key, use(13));
    const { json } = await callRoute(getCredits, key);
    expect(json).toMatchObject({ balance: 100_070, held: 10, available: 100_060 });
    expect(json.expiring).toMatchObject([
      { source: "gift", granted: 20, remaining: 20, reference: "for-20" },
      { source: "gift", granted: 50, remaining: 50 },
    ]);
    expect(json.lots).toHaveLength(3);
    expect((json.lots as object[])[2]).toMatchObject({
      source: "purchased",
      remaining: 100_000,
      expires_at: null,
    });
  });
});

describe("GET /credits/history (S1-75)", () => {
  test("every change, newest first, with the balance after it, the lots and the reservation behind it", async () => {
    await give(10);
    const recorded = await callRoute(postRecord, key, use(5));
    await clawBackCredits(world.ctx, { customerId, key: "refund-1", credits: 3, reason: "refunded" });
    const { status, json } = await history();
    expect(status).toBe(200);
    expect(json).toMatchObject({
      object: "list",
      has_more: false,
      next_cursor: null,
      data: [
        {
          sequence: 3,
          kind: "clawback",
          amount: -3,
          balance_after: 5,
          reason: "refunded",
          reservation_id: null,
        },
        {
          sequence: 2,
          kind: "spend",
          amount: -2,
          balance_after: 8,
          reservation_id: recorded.json.id,
          lots: [{ amount: -2 }],
        },
        { sequence: 1, kind: "grant", amount: 10, balance_after: 10, lots: [{ amount: 10 }] },
      ],
    });
  });

  test("pages by key hold each entry once, whatever is added meanwhile", async () => {
    for (let credits = 1; credits <= 5; credits += 1) await give(credits);
    const first = await history({ limit: "2" });
    expect(first.json.data).toMatchObject([{ sequence: 5 }, { sequence: 4 }]);
    await give(6);
    const second = await history({ limit: "2", cursor: String(first.json.next_cursor) });
    expect(second.json.data).toMatchObject([{ sequence: 3 }, { sequence: 2 }]);
    const last = await history({ limit: "2", cursor: String(second.json.next_cursor) });
    expect(last.json).toMatchObject({ data: [{ sequence: 1 }], has_more: false, next_cursor: null });
  });

  test("another customer's entries are not in it", async () => {
    await give(5);
    const stranger = await world.createKey((await world.createPerson()).customerId);
    expect((await history({}, stranger)).json.data).toEqual([]);
  });

  test.each([
    [
      "another list's cursor",
      { cursor: btoa(JSON.stringify([new Date().toISOString(), newId()])) },
      "cursor",
    ],
    [
      "a number no ledger reaches",
      { cursor: btoa(JSON.stringify([new Date().toISOString(), "9".repeat(30)])) },
      "cursor",
    ],
    ["a cursor that is none", { cursor: "x" }, "cursor"],
    ["no page at all", { limit: "0" }, "limit"],
    ["an offset", { offset: "10" }, "offset"],
  ])("422 for %s", async (_name, query, field) => {
    const { status, json } = await history(query as unknown as Record<string, string>);
    expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
    expect(json.errors).toMatchObject([{ field }]);
  });

  test("403 without the scope", async () => {
    const other = await world.createKey(customerId, ["usage:read"]);
    for (const answer of [await history({}, other), await callRoute(getCredits, other)])
      expect({ status: answer.status, scope: answer.json.scope }).toEqual({
        status: 403,
        scope: "billing:read",
      });
  });
});
