import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { chat } from "./chat";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

/** Starts one turn of a conversation; `settled` resolves when the service has nothing left to do. */
async function ask(customerId: string, userId: string, text: string) {
  const abort = new AbortController();
  const pending: Promise<unknown>[] = [];
  const response = await chat(world.ctx, {
    customerId,
    userId,
    messages: [{ id: "1", role: "user", parts: [{ type: "text", text }] }],
    abortSignal: abort.signal,
    waitUntil: (work) => pending.push(work.catch(() => {})),
  });
  return { response, abort, pending };
}

async function stateOf(customerId: string) {
  const { db } = world.ctx;
  const [reservation] = await db.reservation.findMany({
    where: { customerId },
    orderBy: { id: "desc" },
    take: 1,
  });
  const counter = await db.usageCounter.findFirst({ where: { customerId, window: "day" } });
  const event = await db.usageEvent.findFirst({ where: { customerId }, orderBy: { id: "desc" } });
  return {
    state: reservation?.state,
    used: counter?.used,
    held: counter?.held,
    source: event?.source,
    model: event?.model,
    details: event?.details,
  };
}

describe("one turn of the chat is one AI request (S1-85, S0-73)", () => {
  test("finished: the answer streams, is counted once, and carries the subscription context (S0-53)", async () => {
    const { customerId, userId } = await world.createPerson();
    const { response, pending } = await ask(customerId, userId, "Hello there");
    const body = await response.text();
    await Promise.all(pending);
    const words = [...body.matchAll(/"delta":"([^"]*)"/g)].map((match) => match[1]).join("");
    expect(words).toContain("You asked: “Hello there”.");
    const context = {
      plan: "explorer",
      usage_today: 1,
      limit_today: 3,
      usage_this_month: 1,
      limit_this_month: null,
    };
    expect(body).toContain(JSON.stringify(context));
    expect(await stateOf(customerId)).toMatchObject({
      state: "committed",
      used: 1n,
      held: 0n,
      source: "provider",
      model: "local-1",
      details: { reason: "finish", outputTokens: expect.any(Number) },
    });
  });

  test("held while it runs: what streams now cannot be spent by another tab", async () => {
    const { customerId, userId } = await world.createPerson();
    const { response, pending } = await ask(customerId, userId, "Hello");
    expect(await stateOf(customerId)).toMatchObject({ state: "held", used: 0n, held: 1n });
    await response.text();
    await Promise.all(pending);
  });

  test("stopped by the reader after the first words: counted, nothing stays held", async () => {
    const { customerId, userId } = await world.createPerson();
    const { response, abort, pending } = await ask(customerId, userId, "Hello");
    const reader = response.body?.getReader();
    let text = "";
    while (!text.includes("text-delta")) text += new TextDecoder().decode((await reader?.read())?.value);
    abort.abort();
    await reader?.cancel();
    await expect.poll(() => pending.length).toBeGreaterThan(0);
    await Promise.all(pending);
    expect(await stateOf(customerId)).toMatchObject({
      state: "committed",
      used: 1n,
      held: 0n,
      details: { reason: "abort" },
    });
  });

  test("is announced while there is a request: a reader who hangs up leaves none to announce it to", async () => {
    const { customerId, userId } = await world.createPerson();
    const { abort, pending } = await ask(customerId, userId, "Hello");
    expect(pending).toHaveLength(1);
    abort.abort();
    await Promise.all(pending);
    expect(await stateOf(customerId)).toMatchObject({ state: "released", held: 0n });
  });

  test("stopped before the first word: nothing was given, nothing is counted", async () => {
    const { customerId, userId } = await world.createPerson();
    const { response, abort, pending } = await ask(customerId, userId, "Hello");
    abort.abort();
    await response.text().catch(() => {});
    await expect.poll(() => pending.length).toBeGreaterThan(0);
    await Promise.all(pending);
    expect(await stateOf(customerId)).toMatchObject({ state: "released", used: 0n, held: 0n });
  });

  test("broken off by the provider in the middle: what was said counts, and the reader is told", async () => {
    const { customerId, userId } = await world.createPerson();
    const { response, pending } = await ask(customerId, userId, "[fail]");
    const body = await response.text();
    await Promise.all(pending);
    expect(body).toContain("The AI broke off");
    expect(await stateOf(customerId)).toMatchObject({
      state: "committed",
      used: 1n,
      held: 0n,
      details: { reason: "error" },
    });
  });

  test("the fourth of the day is refused before the model is asked (S1-94)", async () => {
    const { customerId, userId } = await world.createPerson();
    for (let turn = 0; turn < 3; turn += 1) {
      const { response, pending } = await ask(customerId, userId, "Hello");
      await response.text();
      await Promise.all(pending);
    }
    await expect(ask(customerId, userId, "Hello")).rejects.toMatchObject({ code: "limit_reached" });
    expect(await stateOf(customerId)).toMatchObject({ used: 3n, held: 0n });
  });

  test("without a provider outside local mode nothing is held and the reason is said", async () => {
    const { customerId, userId } = await world.createPerson();
    const hosted = { ...world.ctx, env: { ...world.ctx.env, local: false } };
    const input = {
      customerId,
      userId,
      messages: [],
      abortSignal: new AbortController().signal,
      waitUntil: () => {},
    };
    await expect(chat(hosted, input)).rejects.toMatchObject({ code: "ai_unavailable" });
    expect(await world.ctx.db.reservation.count({ where: { customerId } })).toBe(0);
  });
});

test("a plan without AI chat is refused, and nothing stays held or is counted (S1-84)", async () => {
  const plans = community.plans.map((plan) =>
    plan.slug === "explorer" ? { ...plan, features: { community: true } } : plan,
  );
  await publishCatalogue(world.ctx, { catalogue: { ...community, plans } });
  const { customerId, userId } = await world.createPerson();
  await expect(ask(customerId, userId, "Hello")).rejects.toMatchObject({ code: "forbidden" });
  expect(await stateOf(customerId)).toMatchObject({ state: "released", used: 0n, held: 0n });
});
