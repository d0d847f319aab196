import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/new-id";
import { getCredits } from "@/lib/services/credits/get-credits";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { chat } from "./chat";

let community: TestWorld;
let ticketing: TestWorld;
beforeAll(async () => {
  community = await openTestWorld();
  ticketing = await openTestWorld({ preset: "ticketing" });
});
afterAll(() => Promise.all([community.close(), ticketing.close()]));

type Person = { customerId: string; userId: string };

/** One whole turn of a conversation. @returns what the reader got. */
async function converse(world: TestWorld, person: Person, text: string): Promise<string> {
  const pending: Promise<unknown>[] = [];
  const response = await chat(world.ctx, {
    ...person,
    messages: [{ id: "1", role: "user", parts: [{ type: "text", text }] }],
    abortSignal: new AbortController().signal,
    waitUntil: (work) => pending.push(work),
  });
  const body = await response.text();
  await Promise.all(pending);
  return body;
}

async function useUp(world: TestWorld, { customerId, userId }: Person, meter: string, quantity: number) {
  await recordUsage(world.ctx, { customerId, userId, meter, quantity, key: newId() });
}

const give = (world: TestWorld, { customerId }: Person, credits: number) =>
  grantCredits(world.ctx, { customerId, credits, key: newId(), source: "purchased", expiresAt: null });

describe("beyond the allowance a chat costs the credits of its real tokens (K-07, S1-95)", () => {
  test("no more and no less than the provider told, and nothing stays held", async () => {
    const person = await community.createPerson();
    await useUp(community, person, "ai_requests", 3);
    await give(community, person, 100_000);
    await converse(community, person, "Hello there");
    const event = await community.ctx.db.usageEvent.findFirstOrThrow({
      where: { customerId: person.customerId, model: "local-1" },
    });
    const { inputTokens, outputTokens } = event.details as { inputTokens: number; outputTokens: number };
    expect(event).toMatchObject({ source: "provider", creditUnits: 1n, priceVersion: 1 });
    // One credit a token, whichever.
    expect(Number(event.credits)).toBe(inputTokens + outputTokens);
    const { balance, held } = await getCredits(community.ctx, person);
    expect([balance, held]).toEqual([100_000 - inputTokens - outputTokens, 0]);
  });

  test("a small balance buys a shorter answer, which says so, instead of a refusal", async () => {
    const person = await community.createPerson();
    await useUp(community, person, "ai_requests", 3);
    await give(community, person, 60);
    const body = await converse(community, person, "Hello");
    const told = /"max_output_tokens":(\d+)/.exec(body)?.[1];
    expect(Number(told)).toBeGreaterThan(49);
    expect(Number(told)).toBeLessThan(61);
    expect((await getCredits(community.ctx, person)).balance).toBeGreaterThanOrEqual(0);
  });

  test("with next to nothing left it is refused before the model is asked", async () => {
    const person = await community.createPerson();
    await useUp(community, person, "ai_requests", 3);
    await give(community, person, 20);
    await expect(converse(community, person, "Hello")).rejects.toMatchObject({ code: "limit_reached" });
    expect(await getCredits(community.ctx, person)).toMatchObject({ balance: 20, held: 0 });
  });
});

describe("with the tickets used up the chat stops too (S2-58)", () => {
  test("free, at ten of ten", async () => {
    const person = await ticketing.createPerson();
    await useUp(ticketing, person, "tickets", 9);
    await converse(ticketing, person, "Hello");
    await useUp(ticketing, person, "tickets", 1);
    await expect(converse(ticketing, person, "Hello")).rejects.toMatchObject({
      code: "limit_reached",
      publicMessage: "Usage limit exceeded. Please upgrade your plan.",
      options: { status: 403, extra: { meter: "tickets" } },
    });
  });

  test("by credits, at zero", async () => {
    const person = await ticketing.createPerson();
    const { currentVersionId } = await ticketing.ctx.db.plan.findUniqueOrThrow({
      where: { slug: "premium" },
    });
    await ticketing.ctx.db.planGrant.create({
      data: {
        id: newId(),
        customerId: person.customerId,
        planVersionId: currentVersionId ?? "",
        source: "burndown",
        startsAt: new Date("2026-03-01T00:00:00Z"),
      },
    });
    await give(ticketing, person, 1);
    await converse(ticketing, person, "Hello");
    await useUp(ticketing, person, "tickets", 1);
    await expect(converse(ticketing, person, "Hello")).rejects.toMatchObject({ code: "limit_reached" });
  });
});
