import { setMaxListeners } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AppError } from "@/lib/app-error";
import { setConnections } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { callRoute } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postCommit } from "./reservations/[id]/commit/route";
import { POST as postRelease } from "./reservations/[id]/release/route";
import { POST as postReservation } from "./reservations/route";
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

const use = (quantity: unknown = 1, meter: unknown = "ai_requests") => ({ meter, quantity });

describe("POST /reservations, asked badly", () => {
  test.each([
    ["zero", use(0), "quantity"],
    ["a negative quantity", use(-1), "quantity"],
    ["a fraction", use(1.5), "quantity"],
    ["beyond 2^53", use(2 ** 53), "quantity"],
    ["an unknown meter", use(1, "coffee"), "meter"],
    ["a meter with a NUL", use(1, "ai\u0000"), "meter"],
    ["a least quantity above the quantity", { ...use(1), min_quantity: 2 }, "min_quantity"],
    ["a least quantity of zero", { ...use(1), min_quantity: 0 }, "min_quantity"],
    ["an expiry of its own", { ...use(1), expires_at: "2099-01-01T00:00:00Z" }, "expires_at"],
  ])("422 for %s, naming the field, and nothing is held", async (_name, body, field) => {
    const { status, json } = await callRoute(postReservation, key, { body });
    expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
    expect(json.errors).toMatchObject([{ field }]);
    expect(await world.ctx.db.reservation.count({ where: { customerId } })).toBe(0);
  });
});

const WRITES = [
  ["POST /reservations", postReservation, use()],
  ["POST /reservations/{id}/commit", postCommit, { quantity: 1 }],
  ["POST /reservations/{id}/release", postRelease, {}],
  ["POST /usage/record", postRecord, { records: [use()] }],
  ["POST /usage/check", postCheck, use()],
] as const;

describe("when it cannot be decided", () => {
  test.each(WRITES)(
    "%s is 503 with a retry hint while Postgres is away: nothing is allowed",
    async (_name, route, body) => {
      setConnections({ ...world.ctx, db: openDb("postgresql://u:secret@127.0.0.1:1/none") });
      const { status, headers, json } = await callRoute(route, key, { body, params: { id: newId() } });
      expect({ status, code: json.code }).toEqual({ status: 503, code: "database_unavailable" });
      expect(headers.get("retry-after")).toBe("5");
      expect(JSON.stringify(json)).not.toMatch(/secret|127\.0\.0\.1/);
    },
  );

  test.each(WRITES.filter(([name]) => !name.endsWith("release")))(
    "%s is 413 for a body larger than any request needs",
    async (_name, route) => {
      const call = { text: JSON.stringify({ meter: "x".repeat(300_000) }), params: { id: newId() } };
      const { status, json } = await callRoute(route, key, call);
      expect({ status, code: json.code }).toEqual({ status: 413, code: "payload_too_large" });
    },
  );

  test("POST /reservations is 503 `overloaded` with a retry hint while the queue is full, and answers when it is not", async () => {
    const other = await world.createPerson();
    const gaveUp = new AbortController();
    setMaxListeners(0, gaveUp.signal);
    const refusals: AppError[] = [];
    const asked: Promise<unknown>[] = [];
    const waitingForLocks = async () => {
      const [row] = await world.ctx.db.$queryRaw<{ count: bigint }[]>`
        select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      return Number(row?.count);
    };
    await world.ctx.db.$transaction(
      async (tx) => {
        // Whoever decides about this customer waits for this row, and the line behind it grows.
        await tx.$queryRaw`select 1 from customer_balances where customer_id = ${other.customerId}::uuid for update`;
        const ask = (index: number) =>
          reserveUsage(world.ctx, {
            ...other,
            meter: "ai_requests",
            quantity: 1,
            key: `${index}`,
            signal: gaveUp.signal,
          }).catch((error: AppError) => refusals.push(error));
        for (let index = 0; index < 10_000; index += 1) asked.push(ask(index));
        // The first of them have left the line and wait for the row: as many more fit into it.
        while ((await waitingForLocks()) === 0) await new Promise(setImmediate);
        for (let index = 10_000; index < 11_000; index += 1) asked.push(ask(index));
        while (refusals.length === 0) await new Promise(setImmediate);
        expect(refusals[0]?.code).toBe("overloaded");
        const { status, headers, json } = await callRoute(postReservation, key, { body: use() });
        expect({ status, code: json.code }).toEqual({ status: 503, code: "overloaded" });
        expect(headers.get("retry-after")).toBe("1");
        gaveUp.abort();
      },
      { timeout: 20_000 },
    );
    await Promise.all(asked);
    expect(await world.ctx.db.reservation.count({ where: { customerId } })).toBe(0);
    expect((await callRoute(postReservation, key, { body: use() })).status).toBe(201);
    expect(await world.ctx.db.reservation.count({ where: { customerId: other.customerId } })).toBe(3);
  });
});
