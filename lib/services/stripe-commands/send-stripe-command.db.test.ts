import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "@/lib/new-id";
import { openStripe } from "@/lib/stripe/client";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { COMMAND_LIFETIME_MS, sendStripeCommand } from "./send-stripe-command";
import { sweepStripeCommands } from "./sweep-stripe-commands";

let world: TestWorld;
let customerId: string;
beforeAll(async () => {
  world = await openTestWorld();
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
});
afterAll(() => world.close());

const create = (ctx = world.ctx, name = "Test Person") =>
  sendStripeCommand(ctx, {
    kind: "customers.create",
    idempotencyKey: `customer:${customerId}`,
    customerId,
    parameters: { name, metadata: { customer_id: customerId } },
  });

const rowOf = () =>
  world.ctx.db.stripeCommand.findUniqueOrThrow({ where: { idempotencyKey: `customer:${customerId}` } });

const age = (createdAt: Date) =>
  world.ctx.db.stripeCommand.update({
    where: { idempotencyKey: `customer:${customerId}` },
    data: { createdAt },
  });

const tooOld = () => new Date(Date.now() - COMMAND_LIFETIME_MS - 1_000);

test("a command that Stripe refused had no effect: asked for again it begins anew, with what is asked now", async () => {
  const wrongKey = openStripe({ ...world.ctx.env.stripe, secretKey: "sk_test_of_somebody_else" });
  await expect(create({ ...world.ctx, stripe: wrongKey }, "Old Name")).rejects.toMatchObject({
    code: "internal",
  });
  expect(await rowOf()).toMatchObject({ state: "failed" });
  // Longer than Stripe remembers the key: the key's age is no reason to refuse what never happened.
  await age(tooOld());
  const { id } = await create();
  expect(await world.ctx.stripe.customers.retrieve(id)).toMatchObject({ name: "Test Person" });
  expect(await create()).toMatchObject({ id });
});

test("a command without an answer is not repeated once Stripe may have forgotten its key", async () => {
  const away = openStripe({ ...world.ctx.env.stripe, localUrl: "http://127.0.0.1:1" });
  await expect(create({ ...world.ctx, stripe: away })).rejects.toMatchObject({ code: "stripe_unavailable" });
  await age(tooOld());
  for (let again = 0; again < 2; again += 1)
    await expect(create()).rejects.toMatchObject({ code: "internal" });
  expect(await rowOf()).toMatchObject({ state: "failed" });
  const { data } = await world.ctx.stripe.customers.list({ limit: 100 });
  expect(data.filter((customer) => customer.metadata.customer_id === customerId)).toEqual([]);
});

test("the sweep repeats what had no answer once it is due, under the same key", async () => {
  const away = openStripe({ ...world.ctx.env.stripe, localUrl: "http://127.0.0.1:1" });
  await expect(create({ ...world.ctx, stripe: away })).rejects.toMatchObject({ code: "stripe_unavailable" });
  await sweepStripeCommands(world.ctx, { limit: 10 });
  expect(await rowOf()).toMatchObject({ state: "pending", attempts: 1 });
  const where = { idempotencyKey: `customer:${customerId}` };
  await world.ctx.db.stripeCommand.update({ where, data: { nextAttemptAt: new Date() } });
  await sweepStripeCommands(world.ctx, { limit: 10 });
  const { state, result } = await rowOf();
  expect(state).toBe("succeeded");
  expect(await create()).toEqual(result);
});

test("a checkout command that nobody came back for is listed as failed a day later, not repeated", async () => {
  const at = tooOld();
  const row = {
    id: newId(),
    customerId,
    kind: "checkout.sessions.create",
    idempotencyKey: `checkout:${customerId}`,
    parameters: {},
    state: "pending" as const,
    nextAttemptAt: at,
    createdAt: at,
    updatedAt: at,
  };
  await world.ctx.db.stripeCommand.create({ data: row });
  await sweepStripeCommands(world.ctx, { limit: 10 });
  const swept = await world.ctx.db.stripeCommand.findUniqueOrThrow({ where: { id: row.id } });
  expect(swept).toMatchObject({ state: "failed", attempts: 0 });
});
