import type { Clock } from "@/local/stripe/clock";
import type { Context } from "@/local/stripe/context";
import { API_VERSION } from "@/local/stripe/events/api-version";
import { applyFault, type Faults } from "@/local/stripe/lab/faults";
import { findMisfits } from "@/local/stripe/schemas/find-misfits";
import type { SchemaNode } from "@/local/stripe/schemas/schemas";
import { inTransaction, newRequestId, type Store } from "@/local/stripe/store/store";
import { type BusinessTime, businessTimeOf } from "@/local/stripe/time/business-time";
import { type Answer, jsonAnswer } from "./answer";
import { decodeForm } from "./decode-form";
import { expandBody } from "./expand";
import { findRoute } from "./find-route";
import { findStoredAnswer, fingerprintOf, keyInUse, storeAnswer } from "./idempotency";
import { idsNamed } from "./ids-named";
import type { RouteMatch, Router } from "./match-route";
import type { PreparedOperation } from "./operation";
import { StripeApiError } from "./stripe-api-error";

export type ApiServer = {
  store: Store;
  clock: Clock;
  router: Router;
  faults: Faults;
  /** Idempotency keys whose first request is still running. */
  keysInFlight: Set<string>;
  /** Whether an answer that does not fit the SDK's types is a failure. On in every test. */
  checksAnswers: boolean;
  baseUrl: string;
};

export type ApiRequest = {
  method: string;
  url: URL;
  body: string;
  authorization: string | undefined;
  idempotencyKey: string | undefined;
  stripeVersion: string | undefined;
};

/** Answers one call to `/v1`, always in Stripe's shape. */
export async function handleApiRequest(server: ApiServer, request: ApiRequest): Promise<Answer> {
  const requestId = newRequestId(server.store);
  const headers: Record<string, string> = {
    "Request-Id": requestId,
    "Stripe-Version": API_VERSION,
    ...(request.idempotencyKey === undefined ? {} : { "Idempotency-Key": request.idempotencyKey }),
  };
  try {
    const { caller, match } = findRoute(server, request);
    const reply = await answerOnce(server, request, match, {
      id: requestId,
      idempotencyKey: request.method === "POST" ? (request.idempotencyKey ?? null) : null,
      isPublishable: caller.kind === "publishable",
    });
    return { ...jsonAnswer(reply.status, null, { ...headers, ...reply.headers }), ...reply.rest };
  } catch (error) {
    const failure = asApiError(error);
    return jsonAnswer(failure.status, { error: failure.body }, { ...headers, ...failure.headers });
  }
}

type Reply = { status: number; headers: Record<string, string>; rest: { body: string; isDropped?: boolean } };

/**
 * Runs the operation, or replays what it answered before under the same key. Requests that fail their
 * checks before the work begins leave nothing under the key. https://docs.stripe.com/api/idempotent_requests
 */
async function answerOnce(
  server: ApiServer,
  request: ApiRequest,
  match: RouteMatch,
  caller: Context["request"],
): Promise<Reply> {
  const key = caller.idempotencyKey;
  if (key !== null) {
    if (server.keysInFlight.has(key)) throw keyInUse(key);
    server.keysInFlight.add(key);
  }
  try {
    const fault = await applyFault(server.faults, request.method, match.operation.path, request.url.pathname);
    if (fault?.hangs) return { status: 500, headers: {}, rest: { body: "", isDropped: true } };
    if (fault?.error && !fault.isKept) throw fault.error;
    const reply = replayOrRun(server, request, match, caller, fault?.error ?? null);
    return { ...reply, rest: { ...reply.rest, isDropped: fault?.dropsConnection ?? false } };
  } finally {
    if (key !== null) server.keysInFlight.delete(key);
  }
}

function replayOrRun(
  server: ApiServer,
  request: ApiRequest,
  match: RouteMatch,
  caller: Context["request"],
  failure: StripeApiError | null,
): Reply {
  const { idempotencyKey: key } = caller;
  const fingerprint = fingerprintOf(request.url.pathname, request.body);
  const stored = key === null ? null : findStoredAnswer(server.store, key, fingerprint);
  if (stored) {
    const headers = {
      "Idempotent-Replayed": "true",
      "Original-Request": stored.requestId,
      // Sent again it is only replayed again.
      ...(stored.status >= 500 ? { "Stripe-Should-Retry": "false" } : {}),
    };
    return { status: stored.status, headers, rest: { body: stored.body } };
  }
  const hasForm = request.method === "POST" && request.body !== "";
  const form = decodeForm(hasForm ? request.body : request.url.search.slice(1));
  const prepared = match.operation.prepare(form, match.pathValues);
  const time = businessTimeOf(server.store, idsNamed(match, form));
  const keep = ({ status, rest }: Reply): void => {
    if (key === null) return;
    storeAnswer(server.store, key, fingerprint, { requestId: caller.id ?? "", status, body: rest.body });
  };
  if (failure) return kept(refusal(failure), keep);
  return execute(server, prepared, time, caller, keep);
}

/**
 * Does the work and keeps its answer in one transaction: a server that dies has done both or neither, so a retry never
 * does the work twice.
 */
function execute(
  server: ApiServer,
  prepared: PreparedOperation,
  { now, testClock }: BusinessTime,
  caller: Context["request"],
  keep: (reply: Reply) => void,
): Reply {
  const context: Context = { store: server.store, now, baseUrl: server.baseUrl, request: caller };
  const work = (): Reply => {
    const outcome = prepared.run(context);
    if (outcome instanceof StripeApiError) return refusal(outcome);
    // Expanding changes the body in place, so it gets one of its own.
    const result = structuredClone(outcome);
    expandBody(context, result, prepared.expand);
    // Stripe.js is shown only part of an object.
    if (server.checksAnswers && !caller.isPublishable) assertFits(prepared.gives, result);
    return { status: 200, headers: {}, rest: { body: JSON.stringify(result, null, 2) } };
  };
  try {
    return inTransaction(server.store, () => kept(work(), keep), testClock);
  } catch (error) {
    return kept(refusal(asApiError(error)), keep);
  }
}

function kept(reply: Reply, keep: (reply: Reply) => void): Reply {
  keep(reply);
  return reply;
}

/** @throws Error that lists what is missing, unknown or of another kind. */
function assertFits(node: SchemaNode, result: object): void {
  // As it is sent: what is undefined is not there.
  const misfits = findMisfits(node, JSON.parse(JSON.stringify(result)));
  if (misfits.length > 0) throw new Error(`The answer does not fit Stripe's types:\n${misfits.join("\n")}`);
}

function refusal({ status, body }: StripeApiError): Reply {
  return { status, headers: {}, rest: { body: JSON.stringify({ error: body }) } };
}

function asApiError(error: unknown): StripeApiError {
  if (error instanceof StripeApiError) return error;
  console.error("The local Stripe failed:", error);
  return new StripeApiError(500, {
    type: "api_error",
    // Whoever runs the stand-in is its developer too, so the reason is told.
    message: `The local Stripe failed; its output says where: ${error instanceof Error ? error.message : error}`,
  });
}
