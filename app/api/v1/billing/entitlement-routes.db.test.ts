import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { PRESETS, readPreset } from "@/catalogues/read-preset";
import { setConnections } from "@/lib/context";
import { connectionsOf } from "@/lib/db/client";
import type { BillingModel, CataloguePlan } from "@/lib/domain/catalogue";
import { EntitlementsAnswer, PlanListAnswer } from "@/lib/http/billing-schemas";
import type { RouteHandler } from "@/lib/http/handle-route";
import { newId } from "@/lib/new-id";
import { createApiKey } from "@/lib/services/api-keys/create-api-key";
import { listApiKeys } from "@/lib/services/api-keys/list-api-keys";
import { rotateApiKey } from "@/lib/services/api-keys/rotate-api-key";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { GET as getEntitlements } from "./entitlements/route";
import { GET as getInvoices } from "./invoices/route";
import { GET as getPlans } from "./plans/route";

let world: TestWorld;
let platformKey: string;
/** The catalogue published last is the one on sale. */
let publishedAt = Date.parse("2026-03-11T00:00:00Z");

beforeAll(async () => {
  world = await openTestWorld();
  platformKey = await world.createKey(null);
});
beforeEach(() => setConnections(world.ctx));
afterAll(() => world.close());

async function call(handler: RouteHandler, key: string, headers: Record<string, string> = {}) {
  const request = new Request("http://localhost:3000/api/v1/billing", {
    headers: { host: "localhost:3000", authorization: `Bearer ${key}`, ...headers },
  });
  const response = await handler(request, { params: Promise.resolve({}) });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

async function sell(preset: string) {
  publishedAt += 60_000;
  await publishCatalogue(world.at(new Date(publishedAt)), { catalogue: readPreset(preset) });
}

/** Gives the customer a plan as an admin would. */
async function givePlan(customerId: string, slug: string) {
  const { currentVersionId } = await world.ctx.db.plan.findUniqueOrThrow({ where: { slug } });
  await world.ctx.db.planGrant.create({
    data: {
      id: newId(),
      customerId,
      planVersionId: currentVersionId ?? "",
      source: "gift",
      startsAt: new Date("2026-03-01T00:00:00Z"),
    },
  });
}

describe("GET /entitlements (S0-15, S0-17, S0-18, S0-51, S2-20)", () => {
  test("says to a customer's key and to a platform key that names them what the plan lets them do", async () => {
    await sell("community");
    const { customerId } = await world.createPerson();
    const key = await world.createKey(customerId, ["billing:read"]);
    const own = await call(getEntitlements, key);
    expect(own.status).toBe(200);
    expect(own.json).toMatchObject({
      object: "entitlements",
      access: "full",
      plan: { slug: "explorer", version: 1 },
      seats: 1,
      overage: [],
      allowances: [{ meter: "ai_requests", window: "day", amount: 3 }, {}],
      limits: [
        {
          meter: "ai_requests",
          windows: [
            { window: "day", limit: 3 },
            { window: "month", limit: null },
          ],
        },
      ],
    });
    const named = await call(getEntitlements, platformKey, { "tollkeeper-customer": customerId });
    expect({ ...named.json, as_of: null, limits: null }).toEqual({ ...own.json, as_of: null, limits: null });

    await givePlan(customerId, "pro-learn");
    expect((await call(getEntitlements, key)).json).toMatchObject({ plan: { slug: "pro-learn" } });
  });

  test("401 without a key that is valid, 403 without the scope, 422 when a platform key names nobody", async () => {
    const { customerId } = await world.createPerson();
    expect((await call(getEntitlements, "tk_wrong")).status).toBe(401);
    expect((await call(getEntitlements, await world.createKey(customerId, ["usage:read"]))).status).toBe(403);
    expect((await call(getEntitlements, platformKey)).status).toBe(422);
    expect((await call(getEntitlements, platformKey, { "tollkeeper-customer": newId() })).status).toBe(404);
  });

  test.each(Object.keys(PRESETS))(
    "in %s the free plan's and every feature, on or off, in its own texts",
    async (preset) => {
      await sell(preset);
      const { plans, features, policy } = readPreset(preset);
      const { customerId } = await world.createPerson();
      const { json } = await call(getEntitlements, platformKey, { "tollkeeper-customer": customerId });
      const answer = EntitlementsAnswer.parse(json);
      expect(answer.plan.slug).toBe(plans[0]?.slug);
      expect(Object.keys(answer.features)).toEqual(features.map(({ key }) => key));
      for (const { meter, window, amount } of plans[0]?.allowances ?? []) {
        expect(answer.allowances).toContainEqual(expect.objectContaining({ meter, window, amount }));
        const limit = answer.limits.find((entry) => entry.meter === meter);
        if (limit) expect(limit.windows).toContainEqual(expect.objectContaining({ window, limit: amount }));
      }
      expect(answer.texts.limit_reached).toBe(policy.limitReached.text);
      expect(answer.texts.warnings).toEqual(expect.arrayContaining(policy.warnings));
    },
  );
});

test.each(Object.keys(PRESETS))(
  "GET /plans of %s has every plan with its numbers (S2-29)",
  async (preset) => {
    await sell(preset);
    const { plans, creditPacks, meters, features, key, currency } = readPreset(preset);
    const answer = PlanListAnswer.parse((await call(getPlans, platformKey)).json);
    expect(answer).toMatchObject({ catalogue: key, currency });
    expect(answer.data.map((plan) => plan.slug)).toEqual(
      plans.filter(({ availability }) => availability !== "hidden").map(({ slug }) => slug),
    );
    for (const plan of answer.data)
      expect(plan).toMatchObject(asAnswered(plans.find(({ slug }) => slug === plan.slug)));
    expect(answer.credit_packs.map((pack) => [pack.slug, pack.credits, pack.amount_minor])).toEqual(
      creditPacks.map((pack) => [pack.slug, pack.credits, pack.amountMinor]),
    );
    expect(answer.meters.map((meter) => meter.key)).toEqual(meters.map((meter) => meter.key));
    expect(answer.features).toEqual(features);
  },
);

function asAnswered(plan: CataloguePlan | undefined) {
  const billingModels: BillingModel[] = plan?.billingModels ?? ["fixed_fee"];
  return {
    name: plan?.name,
    is_popular: plan?.isPopular ?? false,
    billing_models: billingModels,
    seats: plan?.seats === undefined ? 1 : plan.seats,
    trial: plan?.trial ? { days: plan.trial.days, requires_card: plan.trial.requiresCard } : null,
    prices: expect.toSatisfy(
      (prices: { amount_minor: number }[]) =>
        String(prices.map((price) => price.amount_minor).sort()) ===
        String(plan?.prices.map((price) => price.amountMinor).sort()),
    ),
    overage: (plan?.overage ?? []).map(({ meter, tiers }) => ({
      meter,
      tiers: tiers.map(({ upTo, unitAmountMinor }) => ({ up_to: upTo, unit_amount_minor: unitAmountMinor })),
    })),
    features: plan?.features,
  };
}

describe("where the catalogue sells API access (S0-63, S0-64)", () => {
  const asKnown = {
    actor: { kind: "system" },
    name: "Mine",
    scopes: ["billing:read"],
    expiresAt: null,
  } as const;
  const makeKey = (customerId: string) =>
    createApiKey(world.ctx, { ...asKnown, scopes: [...asKnown.scopes], customerId });

  test("a plan without it makes no key; the refusal names the feature and the plan that has it", async () => {
    await sell("learning");
    const { customerId } = await world.createPerson();
    for (const slug of ["free", "premium"]) {
      if (slug !== "free") await givePlan(customerId, slug);
      await expect(makeKey(customerId)).rejects.toMatchObject({
        code: "forbidden",
        publicMessage: expect.stringMatching(/does not include API access\. Upgrade to Enterprise/),
        options: { extra: { feature: "api_access", suggestion: { kind: "upgrade", plan: "enterprise" } } },
      });
    }
    expect(await listApiKeys(world.ctx, { customerId })).toEqual([]);
    await givePlan(customerId, "enterprise");
    const { id, key } = await makeKey(customerId);
    expect((await call(getInvoices, key)).status).toBe(200);
    await rotateApiKey(world.ctx, { customerId, apiKeyId: id, overlapHours: 1, actor: asKnown.actor });
  });

  test("403 for a call by key once the plan has it no longer, felt within a second; a platform key goes on", async () => {
    await sell("learning");
    const { customerId } = await world.createPerson();
    await givePlan(customerId, "enterprise");
    const { id, key } = await makeKey(customerId);
    expect((await call(getEntitlements, key)).json).toMatchObject({ features: { api_access: true } });
    await world.ctx.db.planGrant.deleteMany({ where: { customerId } });
    await expect.poll(async () => (await call(getEntitlements, key)).status, { timeout: 3_000 }).toBe(403);
    expect((await call(getInvoices, key)).json).toMatchObject({
      code: "forbidden",
      title: "The plan Free does not include API access. Upgrade to Enterprise at /pricing.",
      feature: "api_access",
      suggestion: { kind: "upgrade", plan: "enterprise", name: "Enterprise" },
    });
    const rotated = rotateApiKey(world.ctx, {
      customerId,
      apiKeyId: id,
      overlapHours: 1,
      actor: asKnown.actor,
    });
    await expect(rotated).rejects.toMatchObject({ code: "forbidden" });
    const named = await call(getEntitlements, platformKey, { "tollkeeper-customer": customerId });
    expect(named.json).toMatchObject({ plan: { slug: "free" }, features: { api_access: false } });

    await givePlan(customerId, "enterprise");
    await expect.poll(async () => (await call(getInvoices, key)).status, { timeout: 3_000 }).toBe(200);
  });

  test("elsewhere it is everybody's, and no customer is read for it; here one is read once a second", async () => {
    const queries = vi.spyOn(connectionsOf(world.ctx.db).pool, "query");
    onTestFinished(() => queries.mockRestore());
    const askedFor = async (key: string) => {
      queries.mockClear();
      for (let count = 0; count < 5; count += 1) expect((await call(getInvoices, key)).status).toBe(200);
      return queries.mock.calls.filter(([sql]) => /(from|join) customers c /.test(JSON.stringify(sql)))
        .length;
    };
    await sell("community");
    const { customerId } = await world.createPerson();
    expect(await askedFor(await world.createKey(customerId))).toBe(0);

    await sell("learning");
    await givePlan(customerId, "enterprise");
    const { key } = await makeKey(customerId);
    // The catalogue of the last second may still be believed.
    await expect
      .poll(async () => (await call(getPlans, key)).json.catalogue, { timeout: 3_000 })
      .toBe("learning");
    const startedAt = Date.now();
    const count = await askedFor(key);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(1 + Math.floor((Date.now() - startedAt) / 1_000));
  });
});
