import { AppError } from "@/lib/app-error";
import { type EdgeUsage, parseEdgeUsage } from "@/lib/domain/edge-usage";
import { incrementMetric } from "@/lib/metrics";
import type { EdgeFinding } from "@/lib/redis/edge-store";
import type { DescribedRoute, RouteContract } from "./contract";
import { CUSTOMER_HEADER, EXTERNAL_CUSTOMER_HEADER } from "./customer-header";
import { type EdgeContext, getEdgeContext } from "./edge-context";
import { problemResponse } from "./problem-response";
import { countRequest, visitorOf } from "./rate-limit";
import { assertLocalHost, bearerToken } from "./request-guards";

/** What the edge knows of the customer, and of which meters nothing more is to be had. */
export type EdgeAnswer = { usage: EdgeUsage; exhausted: string[] };

type KnownKey = Extract<EdgeFinding, { outcome: "known_key" }>;

/** Where Postgres answers the same. */
const USAGE_PATH = "/api/v1/billing/usage";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * By API key, answered from Redis alone in one round trip: nothing here or in what it imports needs a database or
 * anything of Node, so it may run wherever a request arrives. It knows the keys and customers that have called lately;
 * whatever it does not know it refuses, naming the endpoint that does.
 */
export function edgeRoute<const Contract extends RouteContract>(
  contract: Contract,
  toJson: (answer: EdgeAnswer) => Record<string, unknown>,
): DescribedRoute {
  const handler = async (request: Request): Promise<Response> => {
    const requestId = crypto.randomUUID();
    const headers: Record<string, string> = {};
    const response = await answer(request, headers)
      .then((found) => {
        const json = toJson(found);
        // An answer that is not what the description promises fails its test; a customer gets it all the same.
        if (process.env.NODE_ENV === "test") contract.answer.parse(json);
        return Response.json(json, { headers: { "cache-control": "private, no-store" } });
      })
      .catch((error: unknown) => problemResponse(toRefusal(error), requestId));
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    response.headers.set("request-id", requestId);
    return response;
  };
  return Object.assign(handler, { contract, audience: "customer" as const });
}

/** @param headers what the answer is to have, whatever it is. */
async function answer(request: Request, headers: Record<string, string>): Promise<EdgeAnswer> {
  const ctx = getEdgeContext();
  assertLocalHost(ctx.env, request.headers);
  const key = bearerToken(request);
  if (!key) throw new AppError("unauthenticated", "Send an API key as “Authorization: Bearer <key>”.");
  const named = namedCustomer(request);
  if (!ctx.store) throw unavailable("There is no edge here: this installation has no Redis.");
  const found = await ctx.store.find(await hashKey(key), named);
  if (found.outcome === "unavailable") throw unavailable("The edge does not answer.");
  if (found.outcome === "unknown_key") throw unknownKey(ctx, request);
  const customerId = customerOf(found, named, ctx.now);
  if (!customerId) throw unknownKey(ctx, request);
  Object.assign(headers, countRequest(ctx, customerId));

  const usage = found.text === null ? null : parseEdgeUsage(found.text);
  if (!usage || usage.validUntil <= ctx.now.getTime()) {
    throw new AppError("not_at_edge", `The edge knows nothing of this customer yet. Ask ${USAGE_PATH}.`, {
      extra: { see: USAGE_PATH },
    });
  }
  if (found.key.customerId !== null && !usage.hasApiAccess) {
    throw new AppError("forbidden", `The plan ${usage.plan.name} does not include API access.`);
  }
  return { usage, exhausted: found.exhausted };
}

/**
 * Whom the request is about; null when the key has expired.
 * @throws AppError `forbidden`, `invalid_request`.
 */
function customerOf({ key }: KnownKey, named: string | null, now: Date): string | null {
  if (key.expiresAt && key.expiresAt <= now) return null;
  if (key.customerId !== null) {
    if (named === null) return key.customerId;
    throw new AppError("forbidden", "This key acts for its own customer only; name none.");
  }
  if (named !== null) return named;
  throw new AppError("invalid_request", "A platform key acts for the customer you name.", {
    fields: [{ field: CUSTOMER_HEADER, message: "is missing" }],
  });
}

/** @throws AppError `invalid_request`. */
function namedCustomer(request: Request): string | null {
  const id = request.headers.get(CUSTOMER_HEADER);
  if (id !== null && UUID.test(id)) return id;
  const field = id === null ? EXTERNAL_CUSTOMER_HEADER : CUSTOMER_HEADER;
  if (!request.headers.has(field)) return null;
  throw new AppError("invalid_request", "The edge knows customers by our id only.", {
    fields: [{ field, message: `name the customer by our id, in ${CUSTOMER_HEADER}` }],
  });
}

/** Not known here is not the same as not valid: only Postgres knows every key. */
function unknownKey(ctx: EdgeContext, request: Request): AppError {
  // So that whoever guesses is made to wait.
  countRequest(ctx, `wrong-key:${visitorOf(ctx.env, request.headers)}`);
  return new AppError(
    "unauthenticated",
    `This key is not valid, or was not used for a minute. Ask ${USAGE_PATH}, then it is known here.`,
    { extra: { see: USAGE_PATH } },
  );
}

function unavailable(reason: string): AppError {
  return new AppError("edge_unavailable", `${reason} Ask ${USAGE_PATH}.`, {
    retryAfterSeconds: 5,
    extra: { see: USAGE_PATH },
  });
}

function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  incrementMetric("edge_failures", { call: "route" });
  return new AppError("internal", "Something went wrong on our side.");
}

/** As lib/auth/hash-token.ts stores it. */
async function hashKey(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
