import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { businessNow, setClockOffset } from "@/lib/clock";
import { setConnections } from "@/lib/context";
import type { RouteHandler } from "@/lib/http/handle-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postReconciliation } from "./cron/reconciliation/route";
import { POST as postReservations } from "./cron/reservations/route";
import { GET as getCommands, POST as postCommands } from "./cron/stripe-commands/route";
import { POST as postEvents } from "./cron/stripe-events/route";
import { POST as postSubscriptions } from "./cron/subscriptions/route";
import { POST as postClock } from "./local/clock/route";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  setConnections(world.ctx);
});
afterEach(() => {
  setConnections(world.ctx);
  setClockOffset(0);
});
afterAll(() => world.close());

async function call(handler: RouteHandler, authorization: string | null, body?: unknown): Promise<number> {
  const request = new Request("http://localhost:3000/api", {
    method: "POST",
    headers: { host: "localhost:3000", ...(authorization ? { authorization } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await handler(request, { params: Promise.resolve({}) })).status;
}

describe.each([
  ["stripe-events", postEvents],
  ["stripe-commands", postCommands],
  ["stripe-commands by GET", getCommands],
  ["reservations", postReservations],
  ["reconciliation", postReconciliation],
  ["subscriptions", postSubscriptions],
])("the scheduled job %s (V14)", (_name, handler) => {
  test("runs with the scheduler's secret and with nothing else", async () => {
    const { cronSecret } = world.ctx.env;
    expect(await call(handler, `Bearer ${cronSecret}`)).toBe(200);
    for (const wrong of [null, "Bearer", "Bearer wrong", `Bearer ${cronSecret}x`, `Basic ${cronSecret}`])
      expect(await call(handler, wrong)).toBe(401);
  });
});

describe("the movable clock", () => {
  const key = () => `Bearer ${world.ctx.env.stripe.secretKey}`;

  test("is moved by the local Stripe", async () => {
    expect(await call(postClock, key(), { offset_ms: 86_400_000 })).toBe(200);
    expect(businessNow().getTime() - Date.now()).toBeGreaterThan(86_000_000);
  });

  test("does not move for anybody else, nor to where no date is", async () => {
    expect(await call(postClock, "Bearer wrong", { offset_ms: 1 })).toBe(401);
    expect(await call(postClock, key(), { offset_ms: -1 })).toBe(422);
    expect(await call(postClock, key(), { offset_ms: Number.MAX_SAFE_INTEGER })).toBe(422);
    expect(Math.abs(businessNow().getTime() - Date.now())).toBeLessThan(1_000);
  });

  test("does not exist outside local mode, even for the right key", async () => {
    setConnections({ ...world.ctx, env: { ...world.ctx.env, local: false } });
    expect(await call(postClock, key(), { offset_ms: 86_400_000 })).toBe(404);
    expect(Math.abs(businessNow().getTime() - Date.now())).toBeLessThan(1_000);
  });
});
