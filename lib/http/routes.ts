import { cookies } from "next/headers";
import type { z } from "zod";
import { AppError } from "@/lib/app-error";
import { findViewer, sessionCookieName, type Viewer } from "@/lib/auth/find-viewer";
import type { Context } from "@/lib/context";
import { addLogFields } from "@/lib/log";
import { findApiKeyCustomer } from "@/lib/services/api-keys/find-api-key-customer";
import { handleRoute, type RouteAnswer, type RouteHandler } from "./handle-route";
import { parseInput, parseJsonBody, readBody } from "./parse-input";
import { assertSameOrigin, bearerToken, secretsEqual } from "./request-guards";

/**
 * Who may call stands on the export line of every route, through one of these wrappers. Each authenticates,
 * validates and answers errors in the same way; the handler does the rest.
 */

/** On whose behalf an API request is made. `userId` is null for a program that calls by key. */
export type ApiCaller = { customerId: string; userId: string | null };

type Input<Schema extends z.ZodType> = { request: Request; body: z.infer<Schema> };

/** Anybody, signed in or not. */
export function publicRoute(work: (ctx: Context, request: Request) => Promise<RouteAnswer>): RouteHandler {
  return handleRoute(work);
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

/** A customer: by API key, or by session from our own pages. */
export function apiRoute(
  work: (ctx: Context, caller: ApiCaller, request: Request) => Promise<RouteAnswer>,
): RouteHandler {
  return handleRoute(async (ctx, request) => work(ctx, await authenticateCaller(ctx, request), request));
}

/** As `apiRoute`, with a JSON body checked by a schema. Who may call is checked before what they say. */
export function apiRouteWithBody<Schema extends z.ZodType>(
  schema: Schema,
  work: (ctx: Context, caller: ApiCaller, input: Input<Schema>) => Promise<RouteAnswer>,
): RouteHandler {
  return handleRoute(async (ctx, request) => {
    const caller = await authenticateCaller(ctx, request);
    return work(ctx, caller, { request, body: await parseJsonBody(request, schema) });
  });
}

/** A signed-in person, from our own pages. */
export function userRouteWithBody<Schema extends z.ZodType>(
  schema: Schema,
  work: (ctx: Context, viewer: Viewer, input: Input<Schema>) => Promise<RouteAnswer>,
): RouteHandler {
  return handleRoute(async (ctx, request) => {
    const viewer = await authenticateViewer(ctx, request);
    return work(ctx, viewer, { request, body: await parseJsonBody(request, schema) });
  });
}

/** The scheduler, by `Authorization: Bearer $CRON_SECRET`. (V14) */
export function cronRoute(work: (ctx: Context) => Promise<RouteAnswer>): RouteHandler {
  return handleRoute(async (ctx, request) => {
    if (!secretsEqual(bearerToken(request) ?? "", ctx.env.cronSecret))
      throw unauthenticated("This needs the scheduler's secret.");
    return work(ctx);
  });
}

/** Stripe: the service verifies the signature over the raw body, so the route parses nothing. */
export function webhookRoute(work: (ctx: Context, request: Request) => Promise<RouteAnswer>): RouteHandler {
  return handleRoute(work);
}

/** The stand-ins of local mode, by the local Stripe's key. Outside local mode the route does not exist. */
export function localRouteWithBody<Schema extends z.ZodType>(
  schema: Schema,
  work: (ctx: Context, body: z.infer<Schema>) => Promise<RouteAnswer>,
): RouteHandler {
  return handleRoute(async (ctx, request) => {
    if (!ctx.env.local) throw new AppError("not_found", "There is nothing here.");
    if (!secretsEqual(bearerToken(request) ?? "", ctx.env.stripe.secretKey))
      throw unauthenticated("This needs the local Stripe's key.");
    return work(ctx, await parseJsonBody(request, schema));
  });
}

async function authenticateCaller(ctx: Context, request: Request): Promise<ApiCaller> {
  const key = bearerToken(request);
  if (key) {
    const caller = await findApiKeyCustomer(ctx, key);
    if (!caller) throw unauthenticated("This API key is not valid.");
    addLogFields({ customer_id: caller.customerId });
    return { ...caller, userId: null };
  }
  if (request.headers.has("authorization"))
    throw unauthenticated("Send the key as “Authorization: Bearer <key>”.");
  const viewer = await authenticateViewer(ctx, request);
  return { customerId: viewer.customer.id, userId: viewer.userId };
}

async function authenticateViewer(ctx: Context, request: Request): Promise<Viewer> {
  const cookie = (await cookies()).get(sessionCookieName(ctx.env.appUrl));
  const viewer = await findViewer(ctx, cookie?.value);
  if (!viewer) throw unauthenticated("Please sign in, or send an API key as “Authorization: Bearer <key>”.");
  assertSameOrigin(ctx.env, request);
  addLogFields({ customer_id: viewer.customer.id, user_id: viewer.userId });
  return viewer;
}

function unauthenticated(message: string): AppError {
  return new AppError("unauthenticated", message);
}
