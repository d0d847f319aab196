import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import type { RouteHandler } from "@/lib/http/handle-route";
import { createApiKey } from "@/lib/services/api-keys/create-api-key";
import { forgetApiKey } from "@/lib/services/api-keys/find-api-key-caller";
import { listApiKeys } from "@/lib/services/api-keys/list-api-keys";
import { MAX_LIVE_API_KEYS } from "@/lib/services/api-keys/lock-key-owner";
import { revokeApiKey } from "@/lib/services/api-keys/revoke-api-key";
import { rotateApiKey } from "@/lib/services/api-keys/rotate-api-key";
import { answerOnce } from "@/lib/services/idempotency/answer-once";
import { sweepStripeCommands } from "@/lib/services/stripe-commands/sweep-stripe-commands";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postCheckout } from "./billing/checkout/route";
import { GET as getInvoices } from "./billing/invoices/route";
import { GET as getSubscription } from "./billing/subscriptions/route";
import { POST as postRecord } from "./billing/usage/record/route";
import { GET as getUsage } from "./billing/usage/route";
import { GET as getCustomer, PUT as putCustomer } from "./customers/[external_id]/route";
import { GET as getCustomers } from "./customers/route";

let world: TestWorld;
let customerId: string;
let key: string;
let platformKey: string;
const SYSTEM = { kind: "system" } as const;

beforeAll(async () => {
  world = await openTestWorld();
  platformKey = await world.createKey(null);
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
  key = await world.createKey(customerId);
  setConnections(world.ctx);
});
afterAll(() => world.close());

type Call = {
  key?: string;
  body?: unknown;
  method?: string;
  query?: string;
  headers?: Record<string, string>;
  externalId?: string;
};

async function call(handler: RouteHandler, input: Call = {}) {
  const { body, query = "", headers = {}, externalId } = input;
  const request = new Request(`http://localhost:3000/api/v1/x${query}`, {
    method: input.method ?? (body === undefined ? "GET" : "POST"),
    headers: { host: "localhost:3000", authorization: `Bearer ${input.key ?? key}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const params = Promise.resolve(externalId === undefined ? {} : { external_id: externalId });
  const response = await handler(request, { params });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

const CHECKOUT = { plan: "community-pro" };
const put = (externalId: string, body: unknown, more: Call = {}) =>
  call(putCustomer, { key: platformKey, method: "PUT", body, externalId, ...more });

describe("Idempotency-Key", () => {
  test("a repeated request gets the first answer again, to the letter, and does nothing", async () => {
    const headers = { "idempotency-key": "buy-1" };
    const first = await call(postCheckout, { body: CHECKOUT, headers });
    const again = await call(postCheckout, { body: CHECKOUT, headers });
    expect(first.status).toBe(200);
    expect(again.json).toEqual(first.json);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await world.ctx.db.checkout.count({ where: { customerId } })).toBe(1);
  });

  test("422 for the same key with another body", async () => {
    const headers = { "idempotency-key": "buy-1" };
    await call(postCheckout, { body: CHECKOUT, headers });
    const other = await call(postCheckout, { body: { ...CHECKOUT, interval_count: 3 }, headers });
    expect(other.status).toBe(422);
    expect(other.json.code).toBe("idempotency_mismatch");
  });

  test("another customer's equal key is another key", async () => {
    const headers = { "idempotency-key": "buy-1" };
    const mine = await call(postCheckout, { body: CHECKOUT, headers });
    const { customerId: otherId } = await world.createPerson();
    const theirs = await call(postCheckout, { body: CHECKOUT, headers, key: await world.createKey(otherId) });
    expect(theirs.status).toBe(200);
    expect(theirs.json.id).not.toBe(mine.json.id);
  });

  test("refusals are kept too, failures on our side are not", async () => {
    const headers = { "idempotency-key": "buy-2" };
    const refused = await call(postCheckout, { body: { plan: "no-such-plan" }, headers });
    expect(refused.status).toBe(422);
    const again = await call(postCheckout, { body: { plan: "no-such-plan" }, headers });
    expect(again.json.request_id).toBe(refused.json.request_id);

    let runs = 0;
    const failing = async () => {
      runs += 1;
      return { status: runs === 1 ? 503 : 200, body: "{}", isTransient: false };
    };
    const input = { ownerId: customerId, key: "k", request: "r" };
    expect((await answerOnce(world.ctx, input, failing)).status).toBe(503);
    expect((await answerOnce(world.ctx, input, failing)).status).toBe(200);
    expect((await answerOnce(world.ctx, input, failing)).isReplay).toBe(true);
    expect(runs).toBe(2);
  });

  test("of 20 at once one is answered; the others are told to wait, and then get its answer", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let runs = 0;
    const input = { ownerId: customerId, key: "race", request: "r" };
    const work = async () => {
      runs += 1;
      await held;
      return { status: 200, body: `{"run":${runs}}`, isTransient: false };
    };
    const calls = Array.from({ length: 20 }, () => answerOnce(world.ctx, input, work));
    const refusals = calls.map((call) => call.catch((error: { code: string }) => error.code));
    // The winner waits for us, so the other nineteen have been refused when nineteen are settled.
    let settled = 0;
    await new Promise<void>((resolve) => {
      for (const refusal of refusals)
        void refusal.then(() => {
          settled += 1;
          if (settled === 19) resolve();
        });
    });
    release();
    const outcomes = await Promise.all(refusals);
    expect(outcomes.filter((outcome) => outcome === "idempotency_in_flight")).toHaveLength(19);
    expect(runs).toBe(1);
    expect((await answerOnce(world.ctx, input, work)).body).toBe('{"run":1}');
  });

  test("what died while answering is taken over once its lock is over", async () => {
    const input = { ownerId: customerId, key: "dead", request: "r" };
    await world.ctx.db.idempotencyKey.create({
      data: {
        ownerId: customerId,
        key: "dead",
        // SHA-256 of "r"
        requestHash: "454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a1",
        lockedUntil: new Date(Date.now() - 1),
        expiresAt: new Date(Date.now() + 60_000),
      },
    });
    expect(
      (await answerOnce(world.ctx, input, async () => ({ status: 200, body: "{}", isTransient: false })))
        .isReplay,
    ).toBe(false);
  });

  test("422 for a key that is none", async () => {
    const { status, json } = await call(postCheckout, {
      body: CHECKOUT,
      headers: { "idempotency-key": "x".repeat(201) },
    });
    expect(status).toBe(422);
    expect(json.errors).toEqual([{ field: "Idempotency-Key", message: expect.any(String) }]);
  });
});

describe("Idempotency-Key, when things go wrong", () => {
  const answer = (body: string) => ({ status: 200, body, isTransient: false });

  test("an answer that says “come again” is not kept, and says when, also with a key", async () => {
    const headers = { "idempotency-key": "buy-3" };
    await world.ctx.db.customerLease.upsert({
      where: { customerId },
      create: { customerId, fence: 1n, holder: customerId, expiresAt: new Date(Date.now() + 3_600_000) },
      update: {},
    });
    const busy = await call(postCheckout, { body: CHECKOUT, headers });
    expect(busy.status).toBe(409);
    expect(Number(busy.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(busy.headers.get("ratelimit")).not.toBeNull();
    await world.ctx.db.customerLease.update({
      where: { customerId },
      data: { holder: null, expiresAt: null },
    });
    expect((await call(postCheckout, { body: CHECKOUT, headers })).status).toBe(200);
  }, 60_000);

  test("one key on two paths is two requests", async () => {
    const headers = { "idempotency-key": "buy-4" };
    await call(postCheckout, { body: CHECKOUT, headers });
    const request = new Request("http://localhost:3000/api/v1/y", {
      method: "POST",
      headers: { host: "localhost:3000", authorization: `Bearer ${key}`, ...headers },
      body: JSON.stringify(CHECKOUT),
    });
    const other = await postCheckout(request, { params: Promise.resolve({}) });
    expect(other.status).toBe(422);
  });

  test("who was taken over neither frees the key nor replaces the answer", async () => {
    const input = { ownerId: customerId, key: "fence", request: "r" };
    const overtake = async () => {
      await world.ctx.db.idempotencyKey.updateMany({
        where: { ownerId: customerId, key: "fence" },
        data: { lockedUntil: new Date(Date.now() - 1) },
      });
      return answerOnce(world.ctx, input, async () => answer("second"));
    };
    const first = await answerOnce(world.ctx, input, async () => {
      await overtake();
      return answer("first");
    });
    expect(first).toMatchObject({ body: "second", isReplay: true });
    expect((await answerOnce(world.ctx, input, async () => answer("third"))).body).toBe("second");
  });

  test("a dead request is taken over by the same request only, and a day later by any", async () => {
    const row = { ownerId: customerId, key: "old", requestHash: "of another", lockedUntil: new Date(0) };
    await world.ctx.db.idempotencyKey.create({
      data: { ...row, expiresAt: new Date(Date.now() + 60_000) },
    });
    const input = { ownerId: customerId, key: "old", request: "r" };
    await expect(answerOnce(world.ctx, input, async () => answer(""))).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
    await world.ctx.db.idempotencyKey.updateMany({
      where: { ownerId: customerId, key: "old" },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    expect((await answerOnce(world.ctx, input, async () => answer("new"))).body).toBe("new");
  });
});

describe("bad input (V12)", () => {
  test("a large body without a key is refused unread; NUL and half characters are named, not stumbled over", async () => {
    const anonymous = await call(postRecord, { key: "tk_wrong", body: { meter: "x".repeat(300_000) } });
    expect(anonymous.status).toBe(401);
    for (const name of ["a\u0000b", "\ud800"]) {
      expect((await put("nul", { name, email: "a@b.test" })).status).toBe(422);
      const metadata = { tier: name };
      expect((await put("nul", { name: "A", email: "a@b.test", metadata })).status).toBe(422);
    }
    const nul = { key: platformKey, headers: { "tollkeeper-external-customer": "%00" } };
    expect((await call(getSubscription, nul)).status).toBe(404);
    const cursor = (position: unknown) => Buffer.from(JSON.stringify(position)).toString("base64url");
    for (const position of [
      ["0000-01-01T00:00:00Z", "x"],
      ["2026-01-01T00:00:00Z", "a\u0000"],
    ])
      expect((await call(getInvoices, { query: `?cursor=${cursor(position)}` })).status).toBe(422);
    const foreign = `?cursor=${cursor(["2026-01-01T00:00:00Z", "in_1"])}`;
    expect((await call(getCustomers, { key: platformKey, query: foreign })).status).toBe(422);
  });

  test("429 for whoever tries many wrong keys, whatever they write into X-Forwarded-For", async () => {
    setConnections({ ...world.ctx, env: { ...world.ctx.env, apiRequestsPerMinute: 3 } });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const headers = { "x-forwarded-for": `127.0.0.${attempt + 2}, 127.0.0.1` };
      statuses.push((await call(getUsage, { key: `tk_wrong${attempt}`, headers })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });
});

describe("the rate limit", () => {
  test("says what is left, then 429 with the seconds to wait; another customer is served", async () => {
    const limited = { ...world.ctx, env: { ...world.ctx.env, apiRequestsPerMinute: 3 } };
    setConnections(limited);
    const first = await call(getUsage);
    expect(first.headers.get("ratelimit")).toMatch(/^"default";r=2;t=\d+$/);
    expect(first.headers.get("ratelimit-policy")).toBe('"default";q=3;w=60');
    await call(getUsage);
    await call(getUsage);
    const refused = await call(getUsage);
    expect(refused.status).toBe(429);
    expect(refused.json.code).toBe("rate_limited");
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers.get("ratelimit")).toMatch(/^"default";r=0;/);
    const { customerId: otherId } = await world.createPerson();
    expect((await call(getUsage, { key: await world.createKey(otherId) })).status).toBe(200);
  });
});

describe("what a key may do", () => {
  test("403 names the scope it lacks, and nothing happens", async () => {
    const reader = await world.createKey(customerId, ["usage:read"]);
    expect((await call(getUsage, { key: reader })).status).toBe(200);
    const refused = await call(postRecord, { key: reader, body: { meter: "ai_requests", quantity: 1 } });
    expect(refused.status).toBe(403);
    expect(refused.json.scope).toBe("usage:write");
    expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(0);
  });

  test("a key ends at its expiry, and at once when it is revoked; using it is noted", async () => {
    const ctx = { ...world.ctx, now: new Date() };
    const { id, key: mine } = await createApiKey(ctx, {
      customerId,
      name: "mine",
      scopes: ["usage:read"],
      expiresAt: null,
      actor: SYSTEM,
    });
    expect((await call(getUsage, { key: mine })).status).toBe(200);
    const [listed] = (await listApiKeys(ctx, { customerId })).filter((entry) => entry.id === id);
    expect(listed?.lastUsedAt).not.toBeNull();
    expect(mine.startsWith(listed?.prefix ?? "?")).toBe(true);
    expect(mine.endsWith(listed?.lastFour ?? "?")).toBe(true);

    await revokeApiKey(ctx, { customerId, apiKeyId: id, actor: SYSTEM });
    expect((await call(getUsage, { key: mine })).status).toBe(401);

    const { key: ended } = await createApiKey(ctx, {
      customerId,
      name: "ended",
      scopes: ["usage:read"],
      expiresAt: new Date(Date.now() + 40),
      actor: SYSTEM,
    });
    await expect.poll(async () => (await call(getUsage, { key: ended })).status).toBe(401);
    await expect(
      createApiKey(ctx, {
        customerId,
        name: "late",
        scopes: ["usage:read"],
        expiresAt: ctx.now,
        actor: SYSTEM,
      }),
    ).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("a key revoked by another process ends within a second", async () => {
    expect((await call(getUsage)).status).toBe(200);
    await world.ctx.db.apiKey.updateMany({ where: { customerId }, data: { revokedAt: new Date() } });
    await expect.poll(async () => (await call(getUsage)).status, { timeout: 3_000 }).toBe(401);
  });

  test("a key revoked while it is being read is not believed afterwards", async () => {
    const { db } = world.ctx;
    const [{ id: apiKeyId = "" } = {}] = await listApiKeys(world.ctx, { customerId });
    let hold = () => {};
    const held = new Promise<void>((resolve) => {
      hold = resolve;
    });
    let wasRead = () => {};
    const read = new Promise<void>((resolve) => {
      wasRead = resolve;
    });
    // The row has been read and is about to be noted as used: there the revocation comes in between.
    const blocking = db.$transaction(async (transaction) => {
      await transaction.$queryRaw`select 1 from api_keys where id = ${apiKeyId}::uuid for update`;
      wasRead();
      await held;
      await transaction.apiKey.update({ where: { id: apiKeyId }, data: { revokedAt: new Date() } });
    });
    await read;
    const first = call(getUsage);
    await expect
      .poll(async () => {
        const waiting = await db.$queryRaw<
          { count: bigint }[]
        >`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return Number(waiting[0]?.count);
      })
      .toBe(1);
    forgetApiKey(world.ctx, apiKeyId);
    hold();
    await blocking;
    await first;
    expect((await call(getUsage)).status).toBe(401);
  });

  test("rotating does not lengthen a life that ends sooner", async () => {
    const ctx = { ...world.ctx, now: new Date() };
    const expiresAt = new Date(ctx.now.getTime() + 3_600_000);
    const { id } = await createApiKey(ctx, {
      customerId,
      name: "short",
      scopes: ["usage:read"],
      expiresAt,
      actor: SYSTEM,
    });
    await rotateApiKey(ctx, { customerId, apiKeyId: id, overlapHours: 24, actor: SYSTEM });
    const stored = await world.ctx.db.apiKey.findUniqueOrThrow({ where: { id } });
    expect(stored.expiresAt).toEqual(expiresAt);
  });

  test("rotating makes one new key however often it is pressed, and both work in the overlap", async () => {
    const ctx = { ...world.ctx, now: new Date() };
    const { id, key: old } = await createApiKey(ctx, {
      customerId,
      name: "ours",
      scopes: ["usage:read"],
      expiresAt: null,
      actor: SYSTEM,
    });
    const rotate = () => rotateApiKey(ctx, { customerId, apiKeyId: id, overlapHours: 24, actor: SYSTEM });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, rotate));
    const made = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(made).toHaveLength(1);
    expect((await call(getUsage, { key: old })).status).toBe(200);
    expect((await call(getUsage, { key: made[0]?.key ?? "" })).status).toBe(200);
    const later = { ...ctx, now: new Date(ctx.now.getTime() + 24 * 3_600_000) };
    const states = await listApiKeys(later, { customerId });
    expect(states.find((entry) => entry.id === id)?.state).toBe("expired");
    expect(states.find((entry) => entry.id === made[0]?.id)?.state).toBe("active");
  });

  test("nobody touches another customer's key", async () => {
    const { customerId: otherId } = await world.createPerson();
    const [{ id: apiKeyId = "" } = {}] = await listApiKeys(world.ctx, { customerId });
    const foreign = { customerId: otherId, apiKeyId, actor: SYSTEM };
    await expect(revokeApiKey(world.ctx, foreign)).rejects.toMatchObject({ code: "not_found" });
    await expect(rotateApiKey(world.ctx, { ...foreign, overlapHours: 0 })).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await call(getUsage)).status).toBe(200);
  });

  test("parallel creation stops at the limit exactly", async () => {
    const create = () =>
      createApiKey(world.ctx, {
        customerId,
        name: "many",
        scopes: ["usage:read"],
        expiresAt: null,
        actor: SYSTEM,
      });
    await Promise.allSettled(Array.from({ length: MAX_LIVE_API_KEYS + 5 }, create));
    expect(await world.ctx.db.apiKey.count({ where: { customerId } })).toBe(MAX_LIVE_API_KEYS);
  });

  test("every key made, rotated or revoked is in the audit trail, which nobody rewrites", async () => {
    const entries = await world.ctx.db.auditEntry.findMany({ where: { customerId } });
    expect(entries.map((entry) => entry.action)).toEqual(["api_key.created"]);
    await expect(world.ctx.db.auditEntry.deleteMany({ where: { customerId } })).rejects.toThrow(
      /append-only/,
    );
  });
});

describe("a platform key", () => {
  test("makes a customer once, and again brings them up to date", async () => {
    const body = { name: "Ada Adopter", email: "ada@adopter.test", metadata: { tier: "gold" } };
    const made = await Promise.all(Array.from({ length: 8 }, () => put("user/42 ü", body)));
    expect(made.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(made.map(({ json }) => json.id)).size).toBe(1);

    const changed = await put("user/42 ü", { ...body, name: "Ada Lovelace", metadata: {} });
    expect(changed.json).toMatchObject({ name: "Ada Lovelace", metadata: {}, external_id: "user/42 ü" });
    const read = await call(getCustomer, { key: platformKey, externalId: "user/42 ü" });
    expect(read.json).toEqual(changed.json);
    const entries = await world.ctx.db.auditEntry.findMany({
      where: { customerId: String(changed.json.id) },
      orderBy: { id: "asc" },
    });
    expect(entries.map((entry) => entry.action)).toEqual(["customer.created", "customer.updated"]);
    expect(entries[0]?.actor).toMatch(/^api_key:/);
  });

  test("acts for whomever it names, by either id, with everything a customer's key has", async () => {
    const made = await put("acme", { name: "Acme", email: "billing@acme.test", type: "group" });
    const byOurs = { key: platformKey, headers: { "tollkeeper-customer": String(made.json.id) } };
    const byTheirs = { key: platformKey, headers: { "tollkeeper-external-customer": "acme" } };
    const recorded = await call(postRecord, { ...byTheirs, body: { meter: "ai_requests", quantity: 1 } });
    expect(recorded.status).toBe(200);
    const usage = await call(getUsage, byOurs);
    expect(JSON.stringify(usage.json)).toContain('"used":1');
    expect((await call(postCheckout, { ...byTheirs, body: CHECKOUT })).status).toBe(200);

    // Stripe hears of a new address; of an old one that was still waiting it does not.
    for (const email of ["first@acme.test", "second@acme.test"]) await put("acme", { name: "Acme", email });
    expect((await sweepStripeCommands(world.ctx, { limit: 10 })).repeated).toBe(1);
    const { stripeCustomerId } = await world.ctx.db.customer.findUniqueOrThrow({
      where: { externalId: "acme" },
    });
    const atStripe = await world.ctx.stripe.customers.retrieve(stripeCustomerId ?? "");
    expect(atStripe).toMatchObject({ email: "second@acme.test" });
  });

  test("404 for a customer there is not, 422 for none named, 403 when a customer's key names one", async () => {
    const nobody = { key: platformKey, headers: { "tollkeeper-external-customer": "nobody" } };
    expect((await call(getSubscription, nobody)).status).toBe(404);
    expect((await call(getSubscription, { key: platformKey })).status).toBe(422);
    const { customerId: otherId } = await world.createPerson();
    const foreign = await call(getSubscription, { headers: { "tollkeeper-customer": otherId } });
    expect(foreign.status).toBe(403);
  });

  test("403 for a customer's key where a platform key is needed, and for a platform key without the scope", async () => {
    const body = { name: "X", email: "x@x.test" };
    expect((await put("x", body, { key })).status).toBe(403);
    const reader = await world.createKey(null, ["customers:read"]);
    expect((await put("x", body, { key: reader })).status).toBe(403);
    expect((await call(getCustomer, { key: reader, externalId: "x" })).status).toBe(404);
  });

  test("422 names what is wrong with a customer; 409 for another type", async () => {
    const wrong = await put("y", { name: " ", email: "no", metadata: { a: 1 }, plan: "pro" });
    expect(wrong.status).toBe(422);
    const fields = (wrong.json.errors as { field: string }[]).map(({ field }) => field).sort();
    expect(fields).toEqual(["email", "metadata.a", "name", "plan"]);
    await put("y", { name: "Y", email: "y@y.test" });
    expect((await put("y", { name: "Y", email: "y@y.test", type: "group" })).status).toBe(409);
  });
});

describe("lists", () => {
  test("every customer comes up once, page by page, also while others are added", async () => {
    const seen: string[] = [];
    let cursor: unknown = null;
    let pages = 0;
    do {
      const query = `?limit=3${cursor ? `&cursor=${String(cursor)}` : ""}`;
      const { json } = await call(getCustomers, { key: platformKey, query });
      seen.push(...(json.data as { id: string }[]).map(({ id }) => id));
      expect(json.has_more).toBe(json.next_cursor !== null);
      cursor = json.next_cursor;
      pages += 1;
      if (pages === 1) await put("newcomer", { name: "New", email: "new@comer.test" });
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe((await world.ctx.db.customer.count()) - 1);
  });

  test("422 for a cursor or limit that is none; an empty list is one", async () => {
    for (const query of ["?cursor=abc", "?limit=0", "?limit=101", "?limit=x", "?page=2"])
      expect((await call(getInvoices, { query })).status).toBe(422);
    expect((await call(getInvoices)).json).toEqual({
      object: "list",
      data: [],
      has_more: false,
      next_cursor: null,
    });
  });
});
