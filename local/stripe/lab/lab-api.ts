import type { Clock } from "@/local/stripe/clock";
import type { Context } from "@/local/stripe/context";
import { type Answer, jsonAnswer } from "@/local/stripe/http/answer";
import { requireSecretKey } from "@/local/stripe/http/authenticate";
import type { FormHash } from "@/local/stripe/http/decode-form";
import {
  flag,
  integer,
  oneOf,
  optional,
  type Param,
  type ParamsOf,
  parseShape,
  required,
  type Shape,
  text,
  timestamp,
} from "@/local/stripe/http/params";
import { resourceOf } from "@/local/stripe/http/permissions";
import { createRestrictedKey, readRestrictedKeys } from "@/local/stripe/http/restricted-keys";
import { invalidRequest, resourceMissing, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { OPERATIONS } from "@/local/stripe/operations";
import { completeAuthentication } from "@/local/stripe/payment-intents/complete-authentication";
import { findObject, inTransaction, queryRows, type Store } from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import { type ClockMove, moveClock, startClockAt, tellFollowers } from "@/local/stripe/time/move-clock";
import { listDeliveries, queueRedelivery } from "@/local/stripe/webhook-endpoints/deliveries";
import { readBillingSettings, saveBillingSettings } from "./billing-settings";
import type { Faults } from "./faults";

/** The parts of the running server the lab may touch. */
export type Lab = {
  store: Store;
  clock: Clock;
  faults: Faults;
  baseUrl: string;
  clockFollowers: readonly string[];
  /** Wipes everything and puts the configured endpoints back; ids begin afresh from the seed, else from that given at start. */
  reset(seed: string | null): void;
  /** Says that deliveries may be due. */
  kick(): void;
  /** Delivers what a leap made due, in order; resolves when the endpoints have answered. */
  catchUpDeliveries(): Promise<void>;
};

export type LabRequest = { method: string; url: URL; body: string; authorization: string | undefined };

/** The control API: not Stripe's, JSON, under the same secret key. It exists for tests and demonstrations. */
export async function handleLabRequest(lab: Lab, request: LabRequest): Promise<Answer> {
  try {
    requireSecretKey(request.authorization, readRestrictedKeys(lab.store));
    return jsonAnswer(200, await route(lab, request));
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return jsonAnswer(error.status, { error: error.body });
  }
}

// One of the three is given.
const moveParams = { advance_ms: integer({ min: 0 }), start_at: timestamp(), to: momentParam() };
const resetParams = { seed: integer() };
const settingsParams = {
  days_past_due: integer({ min: 30, max: 90 }),
  invoice_after_final_retry: oneOf("leave_open", "mark_uncollectible"),
  subscription_after_days_past_due: oneOf("cancel", "leave_past_due", "mark_unpaid"),
  subscription_after_final_retry: oneOf("cancel", "leave_past_due", "mark_unpaid"),
};
const authenticateParams = { outcome: required(oneOf("succeeded", "failed")) };
const redeliverParams = { times: integer({ min: 1, max: 1000 }) };
const deliveryParams = {
  endpoint: text(),
  event: text(),
  status: oneOf("delivered", "failed", "pending"),
};
/** A list arrives joined by commas. */
const restrictedKeyParams = { permissions: required(text()) };
const faultParams = {
  route: text(),
  status: oneOf("429", "500"),
  count: integer({ min: 1, max: 10_000 }),
  delay_ms: integer({ min: 0, max: 120_000 }),
  drop_after: flag(),
  keep: flag(),
};

async function route(lab: Lab, request: LabRequest): Promise<unknown> {
  const call = `${request.method} ${request.url.pathname}`;
  const redeliver = /^POST \/lab\/events\/([^/]+)\/redeliver$/.exec(call)?.[1];
  if (redeliver !== undefined) return redeliverEvent(lab, redeliver, request.body);
  const intent = /^POST \/lab\/intents\/([^/]+)\/authenticate$/.exec(call)?.[1];
  if (intent !== undefined) return authenticateIntent(lab, intent, request.body);
  switch (call) {
    case "GET /lab/health":
      return { status: "ok", objects: countObjects(lab.store) };
    case "GET /lab/clock":
      return clockState(lab);
    case "POST /lab/clock":
      return move(lab, readJson(moveParams, request.body));
    case "POST /lab/reset":
      lab.reset(readSeed(request.body));
      return { ...clockState(lab), followers: await tellFollowers(lab.clockFollowers, lab.clock.offsetMs()) };
    case "GET /lab/settings":
      return readBillingSettings(lab.store);
    case "POST /lab/settings":
      return saveBillingSettings(lab.store, readJson(settingsParams, request.body));
    case "GET /lab/deliveries":
      return { data: listDeliveries(lab.store, readQuery(deliveryParams, request.url), 200) };
    case "GET /lab/restricted-keys":
      return { data: [...readRestrictedKeys(lab.store)].map(([key, permissions]) => ({ key, permissions })) };
    case "POST /lab/restricted-keys":
      return addRestrictedKey(lab, readJson(restrictedKeyParams, request.body));
    case "POST /lab/faults":
      return addFault(lab, readJson(faultParams, request.body));
    case "DELETE /lab/faults":
      lab.faults.length = 0;
      return { faults: [] };
    default:
      throw new StripeApiError(404, { type: "invalid_request_error", message: `The lab has no ${call}.` });
  }
}

/** How many objects of each kind there are. */
export function countObjects(store: Store): Record<string, number> {
  const sql = "select type, count(*) as count from objects where deleted = 0 group by type order by type";
  const rows = queryRows<{ type: string; count: number }>(store, sql);
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
}

function clockState(lab: Lab): object {
  return { now: lab.clock.now(), offset_ms: lab.clock.offsetMs() };
}

async function move(lab: Lab, params: ParamsOf<typeof moveParams>): Promise<object> {
  const move = readMove(params);
  if ("startAt" in move) startClockAt(lab.store, move.startAt);
  else moveClock(lab.store, lab.clock, lab.baseUrl, move);
  // The app knows the new time before it hears what happened on the way.
  const followers = await tellFollowers(lab.clockFollowers, lab.clock.offsetMs());
  await lab.catchUpDeliveries();
  return { ...clockState(lab), followers };
}

function readMove(params: ParamsOf<typeof moveParams>): ClockMove | { startAt: number } {
  const { to, advance_ms: advanceMs, start_at: startAt } = params;
  if (Object.keys(params).length === 1) {
    if (to !== undefined) return { to };
    if (advanceMs !== undefined) return { advanceMs };
    if (startAt !== undefined) return { startAt };
  }
  throw invalidRequest("Give one of `advance_ms`, `to` and `start_at`.", { param: "to" });
}

function readSeed(body: string): string | null {
  const { seed } = readJson(resetParams, body === "" ? "{}" : body);
  return seed === undefined ? null : String(seed);
}

/** A unix time, or "present": the wall clock's. */
function momentParam(): Param<number | "present"> {
  return optional((value, path) => (value === "present" ? value : timestamp().parse(value, path)));
}

function redeliverEvent(lab: Lab, eventId: string, body: string): object {
  if (!findObject(lab.store, "event", eventId)) throw resourceMissing("event", eventId, "id", 404);
  const { times = 1 } = readJson(redeliverParams, body === "" ? "{}" : body);
  const queued = queueRedelivery(lab.store, eventId, times, lab.clock.nowMs());
  lab.kick();
  return { event: eventId, queued };
}

/** Answers the 3D Secure challenge an intent waits for, in the customer's place. */
function authenticateIntent(lab: Lab, intentId: string, body: string): object {
  const { outcome } = readJson(authenticateParams, body);
  const { now, testClock } = businessTimeOf(lab.store, [intentId]);
  const context: Context = {
    store: lab.store,
    now,
    baseUrl: lab.baseUrl,
    request: { id: null, idempotencyKey: null },
  };
  const complete = () => completeAuthentication(context, intentId, outcome);
  const { id, status } = inTransaction(lab.store, complete, testClock);
  lab.kick();
  return { id, status };
}

function addRestrictedKey(lab: Lab, params: ParamsOf<typeof restrictedKeyParams>): object {
  const permissions = params.permissions.split(/[,\s]+/).map((permission) => permission.replace(/^rak_/, ""));
  const unknown = permissions.find((permission) => !isPermission(permission));
  if (unknown !== undefined) {
    throw invalidRequest(
      `There is no permission ${unknown}; they are like customer_read and invoice_write.`,
      {
        param: "permissions",
      },
    );
  }
  const key = inTransaction(lab.store, () => createRestrictedKey(lab.store, permissions));
  return { key, permissions };
}

function isPermission(permission: string): boolean {
  const resources = ["all", ...OPERATIONS.map(({ path }) => resourceOf(path))];
  return resources.some((resource) => [`${resource}_read`, `${resource}_write`].includes(permission));
}

function addFault(lab: Lab, params: ParamsOf<typeof faultParams>): object {
  lab.faults.push({
    route: params.route ?? null,
    status: params.status === undefined ? null : params.status === "429" ? 429 : 500,
    delayMs: params.delay_ms ?? 0,
    keeps: params.keep ?? false,
    dropsAfter: params.drop_after ?? false,
    remaining: params.count ?? 1,
  });
  return { faults: lab.faults };
}

function readQuery<S extends Shape>(shape: S, url: URL): ParamsOf<S> {
  return parseShape(shape, new Map(url.searchParams));
}

/** Reads a flat JSON body against a shape, as strictly as the API reads its forms. */
function readJson<S extends Shape>(shape: S, body: string): ParamsOf<S> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalidRequest("The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidRequest("The body is not a JSON object.");
  }
  const form: FormHash = new Map(Object.entries(value).map(([name, field]) => [name, String(field)]));
  return parseShape(shape, form);
}
