import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { exportUsageEvents } from "@/lib/services/usage/export-usage-events";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { callRoute, requestRoute } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postCommit } from "./reservations/[id]/commit/route";
import { POST as postReservation } from "./reservations/route";
import { GET as getExport } from "./usage/export/route";
import { GET as getHistory } from "./usage/history/route";

let world: TestWorld;
let customerId: string;
let userId: string;
let key: string;

beforeAll(async () => {
  world = await openTestWorld();
});
beforeEach(async () => {
  ({ customerId, userId } = await world.createPerson());
  key = await world.createKey(customerId);
  setConnections(world.ctx);
});
afterAll(() => world.close());

type Row = Record<string, unknown>;
const history = async (query: Record<string, string> = {}, as = key) => {
  const { status, json } = await callRoute(getHistory, as, { query });
  return { status, json, data: (json.data ?? []) as Row[] };
};
const recordAt = (at: string, use: { meter?: string; userId?: string | null } = {}) =>
  recordUsage(world.at(at), {
    customerId,
    userId: null,
    meter: "ai_requests",
    quantity: 1,
    key: newId(),
    ...use,
  });

/** So many uses, one a second from the first of January on, each with the text in `request_id`. */
async function insertUses(count: number, requestId: string | null = null): Promise<void> {
  await world.ctx.db.$executeRaw`
    select ensure_usage_partition(month) from generate_series('2026-01-15'::timestamptz, '2027-01-15', '1 month') month`;
  await world.ctx.db.$executeRaw`
    insert into usage_events (customer_id, occurred_at, id, reservation_id, meter_key, quantity, allowance_units,
                              windows, window_starts, request_id, details)
    select ${customerId}::uuid, '2026-01-01'::timestamptz + n * interval '10 minutes', gen_random_uuid(),
           gen_random_uuid(), 'ai_requests', 1, 1, '{day,month}', array['2026-01-01'::timestamptz, '2026-01-01'],
           ${requestId}, '{}'
    from generate_series(0, ${count - 1}::int) n`;
}

describe("GET /usage/history (S2-34, S3-09)", () => {
  test("each use explains itself: who, what, when, who paid, which windows, what was held and given back", async () => {
    await grantCredits(world.ctx, { customerId, key: "g", credits: 9, source: "gift", expiresAt: null });
    const held = await callRoute(postReservation, key, { body: { meter: "ai_requests", quantity: 6 } });
    const id = String(held.json.id);
    const details = { input_tokens: 12, finish_reason: "stop" };
    const body = { quantity: 5, source: "provider", model: "local-1", request_id: "req_1", details };
    await callRoute(postCommit, key, { params: { id }, body });
    const { status, data } = await history();
    expect(status).toBe(200);
    expect(data).toEqual([
      {
        object: "usage_event",
        id: expect.any(String),
        occurred_at: expect.any(String),
        reservation_id: id,
        user_id: null,
        meter: "ai_requests",
        quantity: 5,
        paid_by: { allowance: 3, credit_units: 2, credits: 2, overage: 0, uncovered: 0 },
        credit_sequence: 2,
        held: 6,
        released: 1,
        windows: expect.arrayContaining([
          { window: "day", starts_at: expect.stringMatching(/T00:00:00\.000Z$/) },
          { window: "month", starts_at: expect.any(String) },
        ]),
        source: "provider",
        model: "local-1",
        request_id: "req_1",
        price_version: null,
        details,
      },
    ]);
  });

  test("what the provider charged us is not the customer's to read", async () => {
    const details = { source: "provider", provider_cost_micros: 1234 };
    const use = { customerId, userId: null, meter: "ai_requests", quantity: 1, key: newId(), details };
    await recordUsage(world.ctx, use);
    const { json } = await history();
    expect(JSON.stringify(json)).not.toContain("1234");
    expect(await (await requestRoute(getExport, key)).text()).not.toContain("1234");
  });

  test("newest first over the months, page after page, each once, though uses share a moment and more are added", async () => {
    const moments = ["2026-01-31T23:59:59.999Z", "2026-02-01T00:00:00Z", "2026-04-15T08:00:00Z"];
    for (const at of moments) {
      await recordAt(at);
      await recordAt(at);
    }
    const seen: Row[] = [];
    let cursor: string | null = null;
    do {
      const page = await history({ limit: "2", ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.data);
      cursor = page.json.next_cursor as string | null;
      if (seen.length === 2) await recordAt("2026-04-16T08:00:00Z");
    } while (cursor !== null);
    expect(seen.map((event) => event.occurred_at)).toEqual(
      moments
        .flatMap((at) => [at, at])
        .map((at) => new Date(at).toISOString())
        .reverse(),
    );
    expect(new Set(seen.map(({ id }) => id)).size).toBe(6);
  });

  test("a page whose last use shares its moment with the next goes on at the next", async () => {
    for (let use = 0; use < 3; use += 1) await recordAt("2026-03-10T12:00:00Z");
    const first = await history({ limit: "2" });
    const second = await history({ limit: "2", cursor: String(first.json.next_cursor) });
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(3);
  });

  test("filters by meter, by user, from a time on and before another", async () => {
    await recordAt("2026-03-10T12:00:00Z");
    await recordAt("2026-03-11T12:00:00Z", { userId });
    await recordAt("2026-03-12T12:00:00Z", { meter: "projects" });
    const dates = async (query: Record<string, string>) =>
      (await history(query)).data.map((event) => String(event.occurred_at).slice(8, 10));
    expect(await dates({ meter: "projects" })).toEqual(["12"]);
    expect(await dates({ meter: "of_yesteryear" })).toEqual([]);
    expect(await dates({ user_id: userId })).toEqual(["11"]);
    expect(await dates({ from: "2026-03-11T12:00:00Z" })).toEqual(["12", "11"]);
    expect(await dates({ to: "2026-03-11T12:00:00Z" })).toEqual(["10"]);
    expect(await dates({ from: "2026-03-11T14:00:00+02:00", to: "2026-03-12T00:00:00Z" })).toEqual(["11"]);
    expect(await dates({ from: "2026-03-12T00:00:00Z", to: "2026-03-10T00:00:00Z" })).toEqual([]);
  });

  test("another customer's uses are in nobody else's history or export", async () => {
    await recordAt("2026-03-10T12:00:00Z");
    const stranger = await world.createKey((await world.createPerson()).customerId);
    expect((await history({}, stranger)).data).toEqual([]);
    const response = await requestRoute(getExport, stranger);
    expect((await response.text()).split("\r\n")).toHaveLength(2);
  });

  test.each([
    ["a time that is none", { from: "yesterday" }, "from"],
    ["a time before all years", { from: "0001-01-01T00:00:00+14:00" }, "from"],
    ["a day that is not", { to: "2026-02-30T00:00:00Z" }, "to"],
    ["a meter with a NUL", { meter: "a\u0000" }, "meter"],
    ["a user that is no id", { user_id: "me" }, "user_id"],
    ["another list's cursor", { cursor: btoa(JSON.stringify([new Date().toISOString(), "17"])) }, "cursor"],
    ["more than a page holds", { limit: "101" }, "limit"],
    ["an offset", { offset: "5" }, "offset"],
  ])("422 for %s", async (_name, query, field) => {
    const { status, json } = await history(query as unknown as Record<string, string>);
    expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
    expect(json.errors).toMatchObject([{ field }]);
  });
});

describe("GET /usage/export (S2-34)", () => {
  test("200 with CSV as RFC 4180 has it: a header, CR LF, quotes; and formulas that are shown and not run", async () => {
    await insertUses(1, '=HYPERLINK("http://evil.example","ü")');
    const response = await requestRoute(getExport, key);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="usage.csv"');
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const lines = new TextDecoder("utf-8", { fatal: true })
      .decode(await response.arrayBuffer())
      .split("\r\n");
    expect(lines[0]).toBe(
      "occurred_at,id,reservation_id,user_id,meter,quantity,allowance_units,credit_units,credits,overage_units," +
        "uncovered_units,credit_sequence,held,released,windows,source,model,request_id,price_version,details",
    );
    expect(lines[1]).toMatch(
      /^2026-01-01T00:00:00\.000Z,[0-9a-f-]{36},[0-9a-f-]{36},,ai_requests,1,1,0,0,0,0,,0,0,day month,/,
    );
    expect(lines[1]).toContain(`,"'=HYPERLINK(""http://evil.example"",""ü"")",,{}`);
    expect(lines.slice(2)).toEqual([""]);
  });

  test("a year of uses comes whole, each once and newest first, however the reads fall", async () => {
    await insertUses(12_345);
    const lines = (await (await requestRoute(getExport, key)).text()).split("\r\n").slice(1, -1);
    expect(lines).toHaveLength(12_345);
    expect(new Set(lines.map((line) => line.split(",")[1])).size).toBe(12_345);
    const times = lines.map((line) => String(line.split(",")[0]));
    expect(times).toEqual([...times].sort().reverse());
  });

  test("exactly what a read holds, and one more, are whole too", async () => {
    await insertUses(1_000);
    const count = async () => (await (await requestRoute(getExport, key)).text()).split("\r\n").length - 2;
    expect(await count()).toBe(1_000);
    await recordAt("2026-06-01T00:00:00Z");
    expect(await count()).toBe(1_001);
  });

  test("filters as the history does", async () => {
    await insertUses(1_200);
    const query = { from: "2026-01-02T00:00:00Z", to: "2026-01-03T00:00:00Z", meter: "ai_requests" };
    const text = await (await requestRoute(getExport, key, { query })).text();
    expect(text.split("\r\n").slice(1, -1)).toHaveLength(144);
    const refused = await callRoute(getExport, key, { query: { from: "x" } });
    expect(refused.json.errors).toMatchObject([{ field: "from" }]);
  });

  test("is read no faster than it is taken, and not at all once nobody takes it", async () => {
    await insertUses(5_000);
    let reads = 0;
    const db = world.ctx.db.$extends({
      query: {
        usageEvent: {
          findMany({ args, query }) {
            reads += 1;
            return query(args);
          },
        },
      },
    }) as unknown as TestWorld["ctx"]["db"]; // a client with an eye on it is still a client
    /** Long enough for reads that nobody asked for to show. */
    const others = async () => {
      for (let query = 0; query < 30; query += 1)
        await world.ctx.db.usageEvent.count({ where: { customerId, meterKey: "projects" } });
    };
    const stream = await exportUsageEvents({ ...world.ctx, db }, { customerId, filter: {} });
    await others();
    expect(reads).toBe(1);
    const reader = stream.getReader();
    await reader.read();
    await others();
    // The next is at hand.
    expect(reads).toBe(2);
    await reader.cancel();
    await others();
    expect(reads).toBe(2);
  });

  test("503 while Postgres is away, before a line is sent", async () => {
    setConnections({ ...world.ctx, db: openDb("postgresql://u:secret@127.0.0.1:1/none") });
    const { status, headers } = await callRoute(getExport, key);
    expect({ status, hint: headers.get("retry-after") }).toEqual({ status: 503, hint: "5" });
  });
});
