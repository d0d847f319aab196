import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Viewer } from "@/lib/auth/find-viewer";
import type { Context } from "@/lib/context";
import type { Actor } from "@/lib/services/audit/write-audit-entry";
import { answerOnce } from "@/lib/services/idempotency/answer-once";
import {
  type ApiCaller,
  authenticateAdmin,
  authenticateCustomer,
  authenticatePlatform,
  authenticatePlatformForCustomer,
  authenticateViewer,
} from "./authenticate";
import type { ContractInput, DescribedRoute, RouteAudience, RouteContract } from "./contract";
import { errorResponse } from "./error-response";
import { handleRoute, type RouteAnswer, type RouteHandler, type RouteSegments } from "./handle-route";
import { parseInput, parseJson, readBody } from "./parse-input";
import { canonicalPath } from "./path-aliases";
import { countRequest, visitorOf } from "./rate-limit";
import { assertSameOrigin, bearerToken } from "./request-guards";
import { secretsEqual } from "./secrets-equal";

/**
 * Who may call stands on the export line of every route, through one of these wrappers. Each authenticates, counts
 * the request, reads no more of the body than is allowed, validates, and answers errors in the same way; the handler
 * does the rest.
 */

/** Anybody, signed in or not. */
export function publicRoute<const Contract extends RouteContract>(
  contract: Contract,
  work: (ctx: Context, input: ContractInput<Contract>) => Promise<RouteAnswer>,
): DescribedRoute {
  return describeRoute("public", contract, async (ctx, request) => ({
    headers: countRequest(ctx, `visitor:${visitorOf(ctx.env, request.headers)}`),
    ownerId: null,
    run: (input) => work(ctx, input),
  }));
}

/** A customer: by API key with the contract's scope, by platform key naming them, or by session from our own pages. */
export function apiRoute<const Contract extends RouteContract & Required<Pick<RouteContract, "scope">>>(
  contract: Contract,
  work: (ctx: Context, caller: ApiCaller, input: ContractInput<Contract>) => Promise<RouteAnswer>,
): DescribedRoute {
  return describeRoute("customer", contract, async (ctx, request) => {
    const caller = await authenticateCustomer(ctx, request, contract.scope);
    return {
      headers: countRequest(ctx, caller.customerId),
      ownerId: caller.customerId,
      run: (input) => work(ctx, caller, input),
    };
  });
}

/** The adopter's back end by platform key with the contract's scope, or a platform admin. */
export function platformRoute<const Contract extends RouteContract & Required<Pick<RouteContract, "scope">>>(
  contract: Contract,
  work: (ctx: Context, actor: Actor, input: ContractInput<Contract>) => Promise<RouteAnswer>,
): DescribedRoute {
  return describeRoute("platform", contract, async (ctx, request) => {
    const { actor, ownerId } = await authenticatePlatform(ctx, request, contract.scope);
    return { headers: countRequest(ctx, ownerId), ownerId, run: (input) => work(ctx, actor, input) };
  });
}

/** The same for the customer they name: what a customer may not do for themselves. */
export function platformForCustomerRoute<
  const Contract extends RouteContract & Required<Pick<RouteContract, "scope">>,
>(
  contract: Contract,
  work: (
    ctx: Context,
    caller: { actor: Actor; customerId: string },
    input: ContractInput<Contract>,
  ) => Promise<RouteAnswer>,
): DescribedRoute {
  return describeRoute("platform_for_customer", contract, async (ctx, request) => {
    const caller = await authenticatePlatformForCustomer(ctx, request, contract.scope);
    return {
      headers: countRequest(ctx, caller.customerId),
      ownerId: caller.customerId,
      run: (input) => work(ctx, caller, input),
    };
  });
}

/** A platform admin, from our own pages. */
export function adminRoute<const Contract extends RouteContract>(
  contract: Contract,
  work: (ctx: Context, viewer: Viewer, input: ContractInput<Contract>) => Promise<RouteAnswer>,
): DescribedRoute {
  return describeRoute("admin", contract, async (ctx, request) => {
    const viewer = await authenticateAdmin(ctx, request);
    return {
      headers: countRequest(ctx, viewer.userId),
      ownerId: viewer.userId,
      run: (input) => work(ctx, viewer, input),
    };
  });
}

/** A signed-in person, from our own pages; not part of the API. */
export function userRoute<Schema extends z.ZodType>(
  schema: Schema,
  work: (
    ctx: Context,
    viewer: Viewer,
    input: { request: Request; body: z.infer<Schema> },
  ) => Promise<RouteAnswer>,
): RouteHandler {
  return handleRoute(async (ctx, request) => {
    const viewer = await authenticateViewer(ctx, request);
    countRequest(ctx, viewer.userId);
    return work(ctx, viewer, { request, body: parseJson(await readBody(request), schema) });
  });
}

/** Anybody, by a form on one of our own pages. Its fields are checked by a schema. */
export function publicFormRoute<Schema extends z.ZodType>(
  schema: Schema,
  work: (ctx: Context, fields: z.infer<Schema>) => Promise<RouteAnswer>,
): RouteHandler {
  return handleRoute(async (ctx, request) => {
    assertSameOrigin(ctx.env, request);
    const fields = new URLSearchParams(await readBody(request));
    return work(ctx, parseInput(Object.fromEntries(fields), schema));
  });
}

/** Anybody, and nothing but a question: health, readiness. Not counted, so that a probe is never refused. */
export function probeRoute(work: (ctx: Context, request: Request) => Promise<RouteAnswer>): RouteHandler {
  return handleRoute(work);
}

/** The scheduler, by `Authorization: Bearer $CRON_SECRET`. (V14) */
export function cronRoute(work: (ctx: Context) => Promise<RouteAnswer>): RouteHandler {
  return handleRoute(async (ctx, request) => {
    if (!secretsEqual(bearerToken(request) ?? "", ctx.env.cronSecret))
      throw new AppError("unauthenticated", "This needs the scheduler's secret.");
    return work(ctx);
  });
}

/** Stripe: the service verifies the signature over the raw body, so the route parses nothing. */
export function webhookRoute(work: (ctx: Context, request: Request) => Promise<RouteAnswer>): RouteHandler {
  return handleRoute(work);
}

/** The stand-ins of local mode, by the local Stripe's key. Outside local mode the route does not exist. */
export function localRoute<Schema extends z.ZodType>(
  schema: Schema,
  work: (ctx: Context, body: z.infer<Schema>) => Promise<RouteAnswer>,
): RouteHandler {
  return handleRoute(async (ctx, request) => {
    if (!ctx.env.local) throw new AppError("not_found", "There is nothing here.");
    if (!secretsEqual(bearerToken(request) ?? "", ctx.env.stripe.secretKey))
      throw new AppError("unauthenticated", "This needs the local Stripe's key.");
    return work(ctx, parseJson(await readBody(request), schema));
  });
}

type Admitted = {
  /** Put into the answer, whatever it is. */
  headers: Record<string, string>;
  /** Whose idempotency keys these are; null where there are none. */
  ownerId: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each wrapper knows its contract's types, this loop serves all of them
  run: (input: any) => Promise<RouteAnswer>;
};

/** Who may call is decided before what they say is read. */
function describeRoute(
  audience: RouteAudience,
  contract: RouteContract,
  admit: (ctx: Context, request: Request) => Promise<Admitted>,
): DescribedRoute {
  const handler = handleRoute(async (ctx, request, segments, requestId) => {
    const admitted = await admit(ctx, request);
    const response = await answerAdmitted(ctx, { contract, request, requestId, segments, admitted }).catch(
      (error: unknown) => {
        unstable_rethrow(error);
        // Whoever asked has hung up while it waited: nobody reads this, and nothing went wrong.
        if (request.signal.aborted && error === request.signal.reason)
          return new Response(null, { status: 499 });
        return errorResponse(error, requestId);
      },
    );
    for (const [name, value] of Object.entries(admitted.headers)) response.headers.set(name, value);
    return response;
  });
  return Object.assign(handler, { contract, audience });
}

async function answerAdmitted(
  ctx: Context,
  input: {
    contract: RouteContract;
    request: Request;
    requestId: string;
    segments: RouteSegments;
    admitted: Admitted;
  },
): Promise<Response> {
  const { contract, request, requestId, segments, admitted } = input;
  const text = contract.body ? await readBody(request) : "";
  const checked = { request, ...(await readInput(contract, request, segments, text)) };
  const answer = async () => toResponse(contract, await admitted.run(checked));
  const { ownerId } = admitted;
  const key = checked.idempotencyKey;
  if (contract.idempotency !== "stored" || !key || !ownerId) return answer();
  const answerOrRefuse = () =>
    answer().catch((error: unknown) => {
      unstable_rethrow(error);
      return errorResponse(error, requestId);
    });
  return answerStored(ctx, { request, text, ownerId, key }, answerOrRefuse);
}

async function readInput(
  contract: RouteContract,
  request: Request,
  segments: RouteSegments,
  text: string,
): Promise<Omit<ContractInput<RouteContract>, "request">> {
  return {
    params: contract.params && parseInput(await segments.params, contract.params),
    query:
      contract.query && parseInput(Object.fromEntries(new URL(request.url).searchParams), contract.query),
    body: contract.body && parseJson(text, contract.body),
    idempotencyKey: readIdempotencyKey(request),
  } as Omit<ContractInput<RouteContract>, "request">;
}

function readIdempotencyKey(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key === null || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new AppError("invalid_request", "The request is not valid.", {
    fields: [{ field: "Idempotency-Key", message: "must have 1 to 200 visible ASCII characters" }],
  });
}

/** The same request under the same key gets the first answer again, refusals included. */
async function answerStored(
  ctx: Context,
  input: { request: Request; text: string; ownerId: string; key: string },
  answer: () => Promise<Response>,
): Promise<Response> {
  const { request, text, ownerId, key } = input;
  const { pathname, search } = new URL(request.url);
  const given: { response?: Response } = {};
  const stored = await answerOnce(
    ctx,
    { ownerId, key, request: [request.method, canonicalPath(pathname) + search, text].join("\n") },
    async () => {
      const response = await answer();
      given.response = response;
      return {
        status: response.status,
        body: await response.clone().text(),
        isTransient: response.headers.has("retry-after"),
      };
    },
  );
  if (given.response && !stored.isReplay) return given.response;
  return new Response(stored.body, {
    status: stored.status,
    headers: {
      "content-type": stored.status < 400 ? "application/json" : "application/problem+json",
      "cache-control": "private, no-store",
      "idempotent-replayed": "true",
    },
  });
}

function toResponse(contract: RouteContract, answer: RouteAnswer): Response {
  if (answer instanceof Response) return answer;
  // An answer that is not what the description promises fails its test; a customer gets it all the same.
  if (process.env.NODE_ENV === "test") contract.answer.parse(answer);
  return Response.json(answer, { headers: { "cache-control": "private, no-store" } });
}
