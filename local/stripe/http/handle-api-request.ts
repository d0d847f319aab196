import type { Clock } from "@/local/stripe/clock";
import type { Context } from "@/local/stripe/context";
import { API_VERSION } from "@/local/stripe/events/api-version";
import { applyFault, type Faults } from "@/local/stripe/lab/faults";
import { findMisfits } from "@/local/stripe/schemas/find-misfits";
import { isKnownCall, type SchemaNode } from "@/local/stripe/schemas/schemas";
import { inTransaction, newRequestId, type Store } from "@/local/stripe/store/store";
import { type BusinessTime, businessTimeOf } from "@/local/stripe/time/business-time";
import { type Answer, jsonAnswer } from "./answer";
import { authenticate } from "./authenticate";
import { decodeForm, type FormHash } from "./decode-form";
import { expandBody } from "./expand";
import { findStoredAnswer, fingerprintOf, keyInUse, storeAnswer } from "./idempotency";
import type { RouteMatch, Router } from "./match-route";
import type { PreparedOperation } from "./operation";
import { notSimulated, StripeApiError } from "./stripe-api-error";

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
    "Stripe-Version": request.stripeVersion ?? API_VERSION,
    ...(request.idempotencyKey === undefined ? {} : { "Idempotency-Key": request.idempotencyKey }),
  };
  try {
    const reply = await answerOnce(server, request, findRoute(server, request), requestId);
    return { ...jsonAnswer(reply.status, null, { ...headers, ...reply.headers }), ...reply.rest };
  } catch (error) {
    const failure = asApiError(error);
    return jsonAnswer(failure.status, { error: failure.body }, headers);
  }
}

type Reply = { status: number; headers: Record<string, string>; rest: { body: string; isDropped?: boolean } };

function findRoute(server: ApiServer, request: ApiRequest): RouteMatch {
  const match = server.router(request.method, request.url.pathname);
  authenticate(request.authorization, match?.operation.allowsPublishableKey ?? false);
  if (match) return match;
  if (isKnownCall(request.method, request.url.pathname)) {
    throw notSimulated(`${request.method} ${request.url.pathname}`);
  }
  throw new StripeApiError(404, {
    type: "invalid_request_error",
    message:
      `Unrecognized request URL (${request.method}: ${request.url.pathname}). If you are trying to list objects, ` +
      "remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) " +
      "identifier in your code. Please see https://docs.stripe.com or we can help at https://support.stripe.com/.",
  });
}

/**
 * Runs the operation, or replays what it answered before under the same key. Requests that fail their
 * checks before the work begins leave nothing under the key. https://docs.stripe.com/api/idempotent_requests
 */
async function answerOnce(
  server: ApiServer,
  request: ApiRequest,
  match: RouteMatch,
  requestId: string,
): Promise<Reply> {
  const key = request.method === "POST" ? request.idempotencyKey : undefined;
  if (key !== undefined) {
    if (server.keysInFlight.has(key)) throw keyInUse(key);
    server.keysInFlight.add(key);
  }
  try {
    const fault = await applyFault(server.faults, request.method, match.operation.path, request.url.pathname);
    if (fault?.error) throw fault.error;
    const reply = replayOrRun(server, request, match, requestId, key);
    return { ...reply, rest: { ...reply.rest, isDropped: fault?.dropsConnection ?? false } };
  } finally {
    if (key !== undefined) server.keysInFlight.delete(key);
  }
}

function replayOrRun(
  server: ApiServer,
  request: ApiRequest,
  match: RouteMatch,
  requestId: string,
  key: string | undefined,
): Reply {
  const fingerprint = fingerprintOf(request.url.pathname, request.body);
  const stored = key === undefined ? null : findStoredAnswer(server.store, key, fingerprint);
  if (stored) {
    const headers = { "Idempotent-Replayed": "true", "Original-Request": stored.requestId };
    return { status: stored.status, headers, rest: { body: stored.body } };
  }
  const hasForm = request.method === "POST" && request.body !== "";
  const form = decodeForm(hasForm ? request.body : request.url.search.slice(1));
  const prepared = match.operation.prepare(form, match.pathValues);
  const time = businessTimeOf(server.store, idsNamed(match, form));
  const reply = execute(server, prepared, time, {
    id: requestId,
    idempotencyKey: key ?? null,
    isPublishable: usesPublishableKey(request.authorization),
  });
  if (key !== undefined) {
    storeAnswer(server.store, key, fingerprint, { requestId, status: reply.status, body: reply.rest.body });
  }
  return reply;
}

/**
 * What a call is about: the ids in its path and then those in its parameters. A test clock itself lives by the global
 * time.
 */
function* idsNamed(match: RouteMatch, form: FormHash): Iterable<string> {
  if (match.operation.path.startsWith("/v1/test_helpers/")) return;
  yield* Object.values(match.pathValues);
  yield* idsIn(form);
}

function* idsIn(form: FormHash): Iterable<string> {
  for (const [name, value] of form) {
    if (name === "metadata" || name === "expand") continue;
    if (typeof value !== "string") yield* idsIn(value);
    else if (/^[a-z]+_\w+$/.test(value)) yield value;
  }
}

function execute(
  server: ApiServer,
  prepared: PreparedOperation,
  { now, testClock }: BusinessTime,
  caller: Context["request"],
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
    return inTransaction(server.store, work, testClock);
  } catch (error) {
    return refusal(asApiError(error));
  }
}

/** The key was checked before, so what is not the secret one is the publishable one. */
function usesPublishableKey(authorization: string | undefined): boolean {
  try {
    authenticate(authorization, false);
    return false;
  } catch {
    return true;
  }
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
