import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toAppError } from "@/lib/http/error-response";
import { readMetrics } from "@/lib/metrics";
import { newId } from "@/lib/new-id";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import { hearDecisions } from "@/local/testing/hear-decisions";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { checkUsage } from "./check-usage";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation } from "./settle-reservation";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const ask = (customerId: string, quantity = 1, key: string = newId()) => ({
  customerId,
  userId: null,
  meter: "ai_requests",
  quantity,
  key,
});
const outcomeOf = (use: Promise<unknown>) =>
  use.then(
    () => "ok",
    (error: unknown) => toAppError(error).code,
  );

const failures = () => readMetrics().find(({ name }) => name === "plain_use_failures")?.count ?? 0;

async function people(count: number): Promise<string[]> {
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) made.push((await world.createPerson()).customerId);
  return made;
}

/** Everything read that a decision needs, so that what is counted is the decision alone. */
async function warmUp(customerIds: string[]): Promise<void> {
  for (const customerId of customerIds) await recordUsage(world.ctx, ask(customerId));
}

describe("what needs no weighing", () => {
  test("is decided for twenty customers in two statements side by side, and settled in two", async () => {
    const customerIds = await people(20);
    await warmUp(customerIds);
    const holding = hearDecisions(world.ctx.db);
    const held = await Promise.all(customerIds.map((id) => reserveUsage(world.ctx, ask(id))));
    expect(holding.stop()).toEqual(["decide_plain_uses", "decide_plain_uses"]);
    const settling = hearDecisions(world.ctx.db);
    await Promise.all(
      held.map(({ id }, index) =>
        commitReservation(world.ctx, {
          customerId: customerIds[index] ?? "",
          reservationId: id,
          quantity: 1,
          details: {},
        }),
      ),
    );
    expect(settling.stop()).toEqual(["commit_plain_uses", "commit_plain_uses"]);
    expect(held.map(({ windows }) => windows[0]?.held)).toEqual(customerIds.map(() => 1));
    expect(await world.ctx.db.usageEvent.count({ where: { customerId: { in: customerIds } } })).toBe(40);
    expect(await findDrifts(world.ctx.db, customerIds)).toEqual([]);
  });

  test("is only asked about in one statement too, each question for itself, and nothing is written", async () => {
    const [fresh = "", paying = "", broke = ""] = await people(3);
    for (const customerId of [paying, broke]) await recordUsage(world.ctx, ask(customerId, 3));
    const grant = { key: "grant", source: "purchased", expiresAt: null } as const;
    await grantCredits(world.ctx, { customerId: paying, credits: 3, ...grant });
    await Promise.all([fresh, paying, broke].map((id) => checkUsage(world.ctx, ask(id))));
    const decisions = hearDecisions(world.ctx.db);
    const questions = [fresh, fresh, paying, paying, broke].map((id) => checkUsage(world.ctx, ask(id, 2)));
    const answers = await Promise.all(questions);
    expect(decisions.stop()).toEqual(["decide_plain_uses"]);
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, true, true, false]);
    expect(answers[0]).toMatchObject({
      paidBy: { allowance: 2, credits: 0 },
      windows: [{ used: 0, held: 0 }, {}],
    });
    expect(answers[3]).toMatchObject({
      paidBy: { allowance: 0, credits: 2 },
      balance: { credits: 3, held: 0 },
    });
    expect(
      await world.ctx.db.usageEvent.count({ where: { customerId: { in: [fresh, paying, broke] } } }),
    ).toBe(2);
    expect(await findDrifts(world.ctx.db, [fresh, paying, broke])).toEqual([]);
  });

  test("is paid by the allowance, by credits, or refused, each as it stands with the customer", async () => {
    const [fresh = "", paying = "", broke = "", short = ""] = await people(4);
    for (const customerId of [paying, broke, short]) await recordUsage(world.ctx, ask(customerId, 3));
    const grant = { key: "grant", source: "purchased", expiresAt: null } as const;
    await grantCredits(world.ctx, { customerId: paying, credits: 10, ...grant });
    await grantCredits(world.ctx, { customerId: short, credits: 1, ...grant });
    await Promise.all(
      [fresh, paying, broke, short].map((id) => outcomeOf(recordUsage(world.ctx, ask(id, 4)))),
    );
    const statements = hearDecisions(world.ctx.db);
    const outcomes = await Promise.all(
      [fresh, paying, broke, short].map((id) => outcomeOf(recordUsage(world.ctx, ask(id, 2)))),
    );
    expect(outcomes).toEqual(["ok", "ok", "limit_reached", "limit_reached"]);
    // One credit does not buy two requests: that is weighed, and nothing else.
    expect(statements.stop()).toEqual(["decide_plain_uses", "decide_uses"]);
    const { credits } = await world.ctx.db.customerBalance.findUniqueOrThrow({
      where: { customerId: paying },
    });
    expect(credits).toBe(4n);
    expect(await findDrifts(world.ctx.db, [fresh, paying, broke, short])).toEqual([]);
  });
});

/** Until what is returned is called, somebody else is deciding about the customer. */
async function lock(customerId: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: world.ctx.env.databaseUrl });
  await client.connect();
  await client.query("begin");
  await client.query("select 1 from customer_balances where customer_id = $1 for update", [customerId]);
  return async () => {
    await client.query("commit");
    await client.end();
  };
}

describe("customers whose calls leave together", () => {
  test("do not wait for one who is locked, and that one is answered too", async () => {
    const customerIds = await people(5);
    await warmUp(customerIds);
    const locked = customerIds[2] ?? "";
    const unlock = await lock(locked);
    const answered: string[] = [];
    const uses = customerIds.map((id) => reserveUsage(world.ctx, ask(id)).then(() => answered.push(id)));
    await Promise.all(uses.filter((_, index) => index !== 2));
    expect(answered).not.toContain(locked);
    await unlock();
    await Promise.all(uses);
    expect(answered).toHaveLength(5);
  });

  test("who is locked and alone waits their turn, without an error on the way", async () => {
    const [customerId = ""] = await people(1);
    await warmUp([customerId]);
    const failed = failures();
    const decisions = hearDecisions(world.ctx.db);
    const unlock = await lock(customerId);
    const use = reserveUsage(world.ctx, ask(customerId));
    await expect.poll(() => decisions.heard()).toEqual(["decide_plain_uses", "decide_uses"]);
    await unlock();
    expect((await use).state).toBe("held");
    decisions.stop();
    expect(failures()).toBe(failed);
  });

  test("do not fail with one who does", async () => {
    const [first = "", failing = "", last = ""] = await people(3);
    const failed = failures();
    const outcomes = await Promise.all([
      outcomeOf(recordUsage(world.ctx, ask(first))),
      outcomeOf(recordUsage(world.ctx, ask(newId()))),
      // What the database cannot write.
      outcomeOf(recordUsage(world.ctx, { ...ask(failing), details: { price_version: "none" } })),
      outcomeOf(recordUsage(world.ctx, ask(last))),
    ]);
    expect(outcomes).toEqual(["ok", "not_found", "internal", "ok"]);
    // Seen by whoever watches. (R15)
    expect(failures()).toBe(failed + 1);
    const counts = [first, failing, last].map((customerId) =>
      world.ctx.db.usageEvent.count({ where: { customerId } }),
    );
    expect(await Promise.all(counts)).toEqual([1, 0, 1]);
  });

  test("are decided anew when what they were promised has changed meanwhile", async () => {
    const [steady = "", changed = ""] = await people(2);
    await warmUp([steady, changed]);
    await world.ctx.db.customer.update({ where: { id: changed }, data: { timeZone: "Asia/Tokyo" } });
    expect(
      await Promise.all([steady, changed].map((id) => outcomeOf(reserveUsage(world.ctx, ask(id))))),
    ).toEqual(["ok", "ok"]);
    expect(await findDrifts(world.ctx.db, [steady, changed])).toEqual([]);
  });
});

test("what was held is paid by what was held, even where another plan has let others use more meanwhile", async () => {
  const [customerId = ""] = await people(1);
  const { id } = await reserveUsage(world.ctx, ask(customerId, 2));
  // As a higher plan that has gone again leaves it.
  await world.ctx.db.usageCounter.updateMany({ where: { customerId }, data: { used: 50n } });
  const settled = await commitReservation(world.ctx, {
    customerId,
    reservationId: id,
    quantity: 4,
    details: {},
  });
  expect(settled.paidBy).toMatchObject({ allowance: 2, uncovered: 2 });
});
