import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { PlanListAnswer } from "@/lib/http/billing-schemas";
import type { RouteHandler } from "@/lib/http/handle-route";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";
import { setFault } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { GET as getEntitlements } from "./entitlements/route";
import { PUT as putPlan } from "./plans/[slug]/route";
import { GET as getPlans, POST as postPlan } from "./plans/route";

let world: TestWorld;
let platformKey: string;

beforeAll(async () => {
  world = await openTestWorld();
  platformKey = await world.createKey(null, ["catalogue:write", "billing:read"]);
});
beforeEach(() => setConnections(world.ctx));
afterAll(() => world.close());

type Call = {
  method?: string;
  body?: unknown;
  key?: string;
  headers?: Record<string, string>;
  slug?: string;
  path?: string;
};

async function call(handler: RouteHandler, input: Call = {}) {
  const { body, headers = {}, slug, path = "/api/v1/billing/plans" } = input;
  const request = new Request(`http://localhost:3000${path}`, {
    method: input.method ?? (body === undefined ? "GET" : "POST"),
    headers: { host: "localhost:3000", authorization: `Bearer ${input.key ?? platformKey}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await handler(request, { params: Promise.resolve(slug === undefined ? {} : { slug }) });
  const text = await response.text();
  const json = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

const post = (body: unknown, more: Call = {}) => call(postPlan, { body, ...more });
const put = (slug: string, body: unknown, more: Call = {}) =>
  call(putPlan, { method: "PUT", body, slug, ...more });
const errorsOf = ({ json }: { json: Record<string, unknown> }) =>
  (json.errors as { field: string; message: string }[]).map(({ field }) => field);

async function list() {
  return PlanListAnswer.parse((await call(getPlans)).json);
}
const revisionNow = async () => (await list()).revision;

/** A plan as a platform admin would send it. */
function plan(slug: string, more: Record<string, unknown> = {}) {
  return {
    slug,
    name: "Team",
    tagline: "For everybody in the house.",
    availability: "public",
    trial: { days: 10, requires_card: true },
    prices: [{ interval: "month", interval_count: 1, amount_minor: 2999 }],
    allowances: [{ meter: "ai_requests", window: "month", amount: 100_000, beyond: ["block"] }],
    features: {},
    ...more,
  };
}

describe("GET /plans (S0-32, S1-60, S1-66, S2-29, S3-18)", () => {
  test("is the same for everybody, kept by caches for a moment, and 304 for whoever has it", async () => {
    const first = await call(getPlans);
    expect(first.headers.get("cache-control")).toBe("public, max-age=1");
    const etag = first.headers.get("etag") ?? "";
    expect((await call(getPlans)).headers.get("etag")).toBe(etag);
    const known = await call(getPlans, { headers: { "if-none-match": `"other", ${etag}` } });
    expect({ status: known.status, json: known.json }).toEqual({ status: 304, json: {} });
    const changed = await post(plan("etag"));
    expect(changed.status).toBe(201);
    const again = await call(getPlans, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(200);
    expect(again.headers.get("etag")).not.toBe(etag);
  });

  test("carries what a pricing page is drawn from", async () => {
    const answer = await list();
    expect(answer).toMatchObject({ catalogue: "community", currency: "usd", customer_type: "personal" });
    expect(answer.data[1]).toMatchObject({
      slug: "community-pro",
      is_popular: expect.any(Boolean),
      billing_models: ["fixed_fee"],
      seats: 1,
      trial: { days: 7, requires_card: expect.any(Boolean) },
      overage: [],
    });
    expect(answer.meters.map(({ key }) => key)).toContain("ai_requests");
    expect(answer.credit_packs).toHaveLength(3);
    expect(answer.words.credit.many).toBe("tokens");
  });
});

describe("POST /plans (S3-02, S3-07, S3-19)", () => {
  test("201: it is on sale at once, as the highest, sellable at Stripe, and it is known who made it", async () => {
    const made = await post(plan("team"));
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      object: "plan",
      slug: "team",
      version: 1,
      trial: { days: 10, requires_card: true },
      prices: [{ amount_minor: 2999, currency: "usd", month_equivalent_minor: 2999 }],
    });
    const { data, revision } = await list();
    expect(data.at(-1)).toMatchObject({ slug: "team" });
    expect(made.json.revision).toBe(revision);
    const row = await world.ctx.db.price.findFirstOrThrow({
      where: { amountMinor: 2999, planVersion: { plan: { slug: "team" } } },
    });
    const atStripe = await world.ctx.stripe.prices.retrieve(row.stripePriceId ?? "");
    expect(atStripe).toMatchObject({ unit_amount: 2999, recurring: { interval: "month" } });
    const [entry] = await world.ctx.db.auditEntry.findMany({
      where: { action: "plan.created" },
      orderBy: { id: "desc" },
    });
    expect(entry).toMatchObject({
      actor: expect.stringMatching(/^api_key:/),
      details: { slug: "team", version: 1 },
    });
  });

  test("stands after the plan it names", async () => {
    expect((await post(plan("between", { after: "explorer" }))).status).toBe(201);
    expect((await list()).data.slice(0, 3).map(({ slug }) => slug)).toEqual([
      "explorer",
      "between",
      "community-pro",
    ]);
    expect(errorsOf(await post(plan("lost", { after: "nowhere" })))).toEqual(["after"]);
  });

  test("409 for a slug that exists, also one that is not on sale; nothing is changed", async () => {
    await post(plan("taken", { availability: "hidden" }));
    const before = await revisionNow();
    for (const slug of ["taken", "explorer"]) {
      const refused = await post(plan(slug));
      expect({ status: refused.status, code: refused.json.code }).toEqual({ status: 409, code: "conflict" });
    }
    expect(await revisionNow()).toBe(before);
  });

  test("the same key again, also by another of its paths, is the same plan and the first answer", async () => {
    const headers = { "idempotency-key": "new-plan-1" };
    const first = await post(plan("once"), { headers });
    const again = await post(plan("once"), { headers, path: "/api/subscriptions/plans/" });
    expect(again.json).toEqual(first.json);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await post(plan("twice"), { headers })).json.code).toBe("idempotency_mismatch");
  });

  test.each([
    [
      "a negative price",
      { prices: [{ interval: "month", interval_count: 1, amount_minor: -1 }] },
      "prices.0.amount_minor",
    ],
    [
      "a price without an interval",
      { prices: [{ interval_count: 1, amount_minor: 1 }] },
      "prices.0.interval",
    ],
    ["a price twice", { prices: [1, 1].map(() => plan("x").prices[0]) }, "prices.1"],
    ["an unknown currency", { prices: [{ ...plan("x").prices[0], currency: "zzz" }] }, "prices.0.currency"],
    ["a trial of what is free", { prices: [] }, "trial"],
    ["a trial of no days", { trial: { days: 0, requires_card: true } }, "trial.days"],
    [
      "an allowance without a window",
      { allowances: [{ meter: "ai_requests", amount: 1, beyond: ["block"] }] },
      "allowances.0.window",
    ],
    [
      "an unknown meter",
      { allowances: [{ ...plan("x").allowances[0], meter: "coffee" }] },
      "allowances.0.meter",
    ],
    [
      "overage without a price",
      { allowances: [{ ...plan("x").allowances[0], beyond: ["overage"] }] },
      "allowances.0.beyond",
    ],
    ["an unknown feature", { features: { flying: true } }, "features.flying"],
    ["seats where persons buy", { seats: 10 }, "seats"],
    ["a second popular plan", { is_popular: true }, "is_popular"],
    ["a slug that is none", { slug: "Not A Slug" }, "slug"],
    ["no name", { name: " " }, "name"],
    ["a name of ours", { isPopular: true }, "isPopular"],
    ["a member of nobody", { price: 1 }, "price"],
  ])("422 for %s, naming the field, and nothing is published", async (_name, wrong, field) => {
    await makePopular();
    const before = await revisionNow();
    const refused = await post(plan("wrong", wrong));
    expect(refused.status).toBe(422);
    expect(errorsOf(refused)).toContain(field);
    expect(await revisionNow()).toBe(before);
    expect(await world.ctx.db.plan.count({ where: { slug: "wrong" } })).toBe(0);
  });

  test("503 while Stripe is away; sent again it is finished, not made twice", async () => {
    await setFault(world.stripe.url, { route: "POST /v1/products", status: 500, count: 2 });
    const failed = await post(plan("unheard"), { headers: { "idempotency-key": "unheard-1" } });
    expect({ status: failed.status, code: failed.json.code }).toEqual({
      status: 503,
      code: "stripe_unavailable",
    });
    const again = await post(plan("unheard"), { headers: { "idempotency-key": "unheard-1" } });
    expect(again.status).toBe(201);
    expect(await world.ctx.db.planVersion.count({ where: { plan: { slug: "unheard" } } })).toBe(1);
    expect((await post(plan("unheard"))).status).toBe(409);
  });

  test("of ten at once under one slug one plan comes, with one price at Stripe", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(plan("crowd"))));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(answers.map(({ status }) => status)).toContain(201);
    expect(await world.ctx.db.planVersion.count({ where: { plan: { slug: "crowd" } } })).toBe(1);
    expect(
      await world.ctx.db.auditEntry.count({
        where: { action: "plan.created", details: { path: ["slug"], equals: "crowd" } },
      }),
    ).toBe(1);
  }, 60_000);
});

/** Makes sure that one plan is the popular one. */
async function makePopular() {
  if ((await list()).data.some(({ is_popular }) => is_popular)) return;
  expect((await post(plan("favourite", { is_popular: true }))).status).toBe(201);
}

describe("PUT /plans/{slug} (S3-20)", () => {
  test("publishes the next version; who holds the plan keeps theirs, price and all", async () => {
    await post(plan("kept"));
    const { customerId } = await world.createPerson();
    const stripeCustomer = await world.ctx.stripe.customers.create({ email: "kept@person.test" });
    await world.ctx.db.customer.update({
      where: { id: customerId },
      data: { stripeCustomerId: stripeCustomer.id },
    });
    const card = await world.ctx.stripe.paymentMethods.attach("pm_card_visa", {
      customer: stripeCustomer.id,
    });
    const price = await world.ctx.db.price.findFirstOrThrow({
      where: { planVersion: { plan: { slug: "kept" } } },
    });
    await world.ctx.stripe.subscriptions.create({
      customer: stripeCustomer.id,
      items: [{ price: price.stripePriceId ?? "" }],
      default_payment_method: card.id,
    });
    await syncCustomer({ ...world.ctx, now: new Date() }, { customerId });

    const dearer = plan("kept", {
      prices: [{ interval: "month", interval_count: 1, amount_minor: 3999 }],
      allowances: [{ meter: "ai_requests", window: "month", amount: 5, beyond: ["block"] }],
    });
    const changed = await put("kept", { ...dearer, revision: await revisionNow() });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({ version: 2, prices: [{ amount_minor: 3999 }] });

    const named = { headers: { "tollkeeper-customer": customerId } };
    const { json } = await call(getEntitlements, named);
    expect(json).toMatchObject({
      plan: { slug: "kept", version: 1 },
      allowances: [{ meter: "ai_requests", window: "month", amount: 100_000 }],
    });
    expect(await world.ctx.db.price.findUniqueOrThrow({ where: { id: price.id } })).toEqual(price);
  });

  test("sent again it changes nothing, whatever revision it names", async () => {
    const revision = await revisionNow();
    const body = { ...plan("team", { tagline: "For the whole house." }), revision };
    const first = await put("team", body);
    const again = await put("team", body);
    expect(again.status).toBe(200);
    expect(again.json).toEqual(first.json);
    expect(await revisionNow()).toBe(revision + 1);
    expect(
      await world.ctx.db.auditEntry.count({
        where: {
          action: "plan.changed",
          details: { path: ["version"], equals: first.json.version as number },
          targetId: (await world.ctx.db.plan.findUniqueOrThrow({ where: { slug: "team" } })).id,
        },
      }),
    ).toBe(1);
  });

  test("of eight different changes at once one happens, and seven are told of it", async () => {
    await post(plan("race"));
    const revision = await revisionNow();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        put("race", { ...plan("race", { name: `Race ${index}` }), revision }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.json).toMatchObject({ code: "conflict", revision: revision + 1 });
    const winner = answers.find(({ status }) => status === 200);
    expect((await list()).data.find(({ slug }) => slug === "race")).toMatchObject({
      name: winner?.json.name,
      version: 2,
    });
  }, 60_000);

  test("a change of another plan, or of who may buy, is lost as little", async () => {
    await post(plan("one"));
    await post(plan("two"));
    const revision = await revisionNow();
    expect((await put("one", { ...plan("one", { availability: "invite" }), revision })).status).toBe(200);
    expect((await put("one", { ...plan("one", { name: "One" }), revision })).status).toBe(409);
    expect((await put("two", { ...plan("two", { name: "Two" }), revision })).status).toBe(409);
    expect((await list()).data.find(({ slug }) => slug === "one")).toMatchObject({ availability: "invite" });
  });

  test("takes a plan off sale, and puts it back", async () => {
    const isOnSale = async () => (await list()).data.some(({ slug }) => slug === "two");
    await put("two", { ...plan("two", { availability: "hidden" }), revision: await revisionNow() });
    expect(await isOnSale()).toBe(false);
    const back = await put("two", { ...plan("two"), revision: await revisionNow() });
    expect(back.status).toBe(200);
    expect(await isOnSale()).toBe(true);
  });

  test("moves a plan, which makes no version of it", async () => {
    const moved = await put("one", {
      ...plan("one", { availability: "invite" }),
      after: "explorer",
      revision: await revisionNow(),
    });
    expect(moved.json).toMatchObject({ version: 1 });
    expect((await list()).data[1]).toMatchObject({ slug: "one" });
  });

  test("404 for a plan that never was; 422 for another slug, no revision, or the free plan made dear", async () => {
    const revision = await revisionNow();
    expect((await put("nothing", { ...plan("nothing"), revision })).status).toBe(404);
    expect(errorsOf(await put("team", { ...plan("other"), revision }))).toEqual(["slug"]);
    expect(errorsOf(await put("team", plan("team")))).toEqual(["revision"]);
    expect(errorsOf(await put("team", { ...plan("team"), revision: 0.5 }))).toContain("revision");
    expect(errorsOf(await put("explorer", { ...plan("explorer"), revision }))).toEqual(["(body)"]);
  });
});

describe("who may change what is sold (S3-01)", () => {
  test.each([
    ["no valid key", () => Promise.resolve("tk_wrong"), 401],
    ["a customer's key", async () => world.createKey((await world.createPerson()).customerId), 403],
    [
      "a platform key without the scope",
      () => world.createKey(null, ["customers:write", "billing:write"]),
      403,
    ],
  ])("%s is refused before the body is read", async (_name, makeKey, status) => {
    const key = await makeKey();
    const before = await revisionNow();
    expect((await post({ nonsense: true }, { key })).status).toBe(status);
    expect((await put("team", { nonsense: true }, { key })).status).toBe(status);
    expect(await revisionNow()).toBe(before);
  });
});
