import { type Db, openDb } from "@/lib/db/client";
import { readEnv } from "@/lib/env";
import { newId } from "@/lib/new-id";
import { createApiKey } from "@/lib/services/api-keys/create-api-key";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import type { Target } from "./open-caller";

/** Units of the free plan's day are gone at once: credits pay, and do not run out. */
const CREDITS = 1_000_000_000;
const METER = "ai_requests";

export type ApiWorld = {
  /** Asks whether one unit may be used. */
  check(customer: number): Target;
  /** Holds one unit. */
  reserve(customer: number): Target;
  /** @throws Error unless each hold that was answered is there, once, and what is stored is what the facts say. */
  assertConserved(holds: number): Promise<void>;
  close(): Promise<void>;
};

/** Customers of the app under test with room for all, each with a key of its own. */
export async function openApiWorld(env: NodeJS.ProcessEnv, customers: number): Promise<ApiWorld> {
  const read = readEnv(env);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const db = openDb(read.env.databaseUrl, 2, 60_000);
  const made: { customerId: string; key: string }[] = [];
  for (let number = 0; number < customers; number += 1) made.push(await makeCustomer(db));
  const at = (number: number) => made[number % made.length]?.key ?? "";
  const headers = (number: number) => ({ authorization: `Bearer ${at(number)}` });
  const body = { meter: METER, quantity: 1 };
  return {
    check: (number) => ({
      name: "check",
      path: "/api/v1/billing/usage/check",
      method: "POST",
      headers: headers(number),
      body,
    }),
    reserve: (number) => ({
      name: "reserve",
      path: "/api/v1/billing/reservations",
      method: "POST",
      headers: headers(number),
      body,
      status: 201,
    }),
    async assertConserved(holds) {
      const customerIds = made.map(({ customerId }) => customerId);
      const count = await db.reservation.count({ where: { customerId: { in: customerIds } } });
      if (count !== holds) throw new Error(`${holds} holds were answered, ${count} are there.`);
      const drifts = await findDrifts(db, customerIds);
      if (drifts.length > 0)
        throw new Error(`The books do not add up: ${JSON.stringify(drifts.slice(0, 5))}`);
    },
    close: () => db.$disconnect(),
  };
}

async function makeCustomer(db: Db): Promise<{ customerId: string; key: string }> {
  const ctx = { db, now: new Date() };
  const customerId = newId();
  const email = `${customerId}@bench.test`;
  await db.customer.create({
    data: { id: customerId, type: "personal", name: "Bench", email, createdAt: ctx.now },
  });
  // A plan that lets its customers call by key, whatever the catalogue asks for it.
  const plan = await db.plan.findFirstOrThrow({ where: { slug: "community-pro" } });
  await db.planGrant.create({
    data: {
      id: newId(),
      customerId,
      planVersionId: plan.currentVersionId ?? "",
      source: "comp",
      startsAt: ctx.now,
    },
  });
  await grantCredits(ctx, {
    customerId,
    credits: CREDITS,
    key: "bench",
    source: "purchased",
    expiresAt: null,
  });
  const { key } = await createApiKey(ctx, {
    customerId,
    name: "Bench",
    scopes: ["usage:read", "usage:write"],
    expiresAt: null,
    actor: { kind: "system" },
  });
  return { customerId, key };
}
