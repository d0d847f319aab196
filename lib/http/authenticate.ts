import { cookies } from "next/headers";
import { AppError } from "@/lib/app-error";
import { findViewer, sessionCookieName, type Viewer } from "@/lib/auth/find-viewer";
import type { Context } from "@/lib/context";
import type { ApiScope } from "@/lib/domain/api-scope";
import { ExternalId } from "@/lib/domain/customer-input";
import { addLogFields } from "@/lib/log";
import { findApiKeyCaller, type KeyCaller } from "@/lib/services/api-keys/find-api-key-caller";
import type { Actor } from "@/lib/services/audit/write-audit-entry";
import { getNamedCustomerId } from "@/lib/services/customers/get-named-customer-id";
import { assertApiAccess } from "@/lib/services/entitlements/find-api-access";
import { CUSTOMER_HEADER, EXTERNAL_CUSTOMER_HEADER } from "./customer-header";
import { countRequest, visitorOf } from "./rate-limit";
import { assertSameOrigin, bearerToken } from "./request-guards";

/** On whose behalf a request is made. `userId` is null for a program that calls by key. */
export type ApiCaller = {
  customerId: string;
  userId: string | null;
  actor: Actor;
  /** The adopter's back end, which may say which of the customer's members it acts for. */
  isPlatform: boolean;
};

/**
 * The customer a request is about: the session's own, the key's own, or the one a platform key names.
 * @throws AppError `unauthenticated`, `forbidden` (origin, scope, plan), `not_found` (no such customer),
 * `invalid_request`.
 */
export async function authenticateCustomer(
  ctx: Context,
  request: Request,
  scope: ApiScope | undefined,
): Promise<ApiCaller> {
  const key = await authenticateKey(ctx, request, scope);
  if (!key) {
    const viewer = await authenticateViewer(ctx, request);
    return {
      customerId: viewer.customer.id,
      userId: viewer.userId,
      actor: { kind: "user", id: viewer.userId },
      isPlatform: false,
    };
  }
  const customerId = key.customerId ?? (await readNamedCustomer(ctx, request));
  if (key.customerId && namedCustomer(request)) {
    throw new AppError("forbidden", "This key acts for its own customer only; name none.");
  }
  addLogFields({ customer_id: customerId });
  return {
    customerId,
    userId: null,
    actor: key.apiKeyId ? { kind: "api_key", id: key.apiKeyId } : { kind: "system" },
    isPlatform: key.customerId === null,
  };
}

/** The platform itself: by platform key, or as a platform admin from our own pages. */
export async function authenticatePlatform(
  ctx: Context,
  request: Request,
  scope: ApiScope | undefined,
): Promise<{ actor: Actor; ownerId: string }> {
  const key = await authenticateKey(ctx, request, scope);
  if (!key) {
    const { userId } = await authenticateAdmin(ctx, request);
    return { actor: { kind: "user", id: userId }, ownerId: userId };
  }
  if (key.customerId || !key.apiKeyId) throw new AppError("forbidden", "This needs a platform key.");
  return { actor: { kind: "api_key", id: key.apiKeyId }, ownerId: key.apiKeyId };
}

/** The platform itself, and the customer it names. @throws AppError as both of the above. */
export async function authenticatePlatformForCustomer(
  ctx: Context,
  request: Request,
  scope: ApiScope | undefined,
): Promise<{ actor: Actor; customerId: string }> {
  const { actor } = await authenticatePlatform(ctx, request, scope);
  const customerId = await readNamedCustomer(ctx, request);
  addLogFields({ customer_id: customerId });
  return { actor, customerId };
}

/** @throws AppError `unauthenticated`, `forbidden` when the request did not come from our own pages. */
export async function authenticateViewer(ctx: Context, request: Request): Promise<Viewer> {
  const cookie = (await cookies()).get(sessionCookieName(ctx.env.appUrl));
  const viewer = await findViewer(ctx, cookie?.value);
  if (!viewer) {
    throw new AppError(
      "unauthenticated",
      "Please sign in, or send an API key as “Authorization: Bearer <key>”.",
    );
  }
  assertSameOrigin(ctx.env, request);
  addLogFields({ customer_id: viewer.customer.id, user_id: viewer.userId });
  return viewer;
}

/** A platform admin. Who is none is told so; that the page exists is no secret. */
export async function authenticateAdmin(ctx: Context, request: Request): Promise<Viewer> {
  const viewer = await authenticateViewer(ctx, request);
  if (!viewer.isPlatformAdmin) throw new AppError("forbidden", "This is for platform admins.");
  return viewer;
}

/** The key a request carries, checked; null when it carries none. */
async function authenticateKey(
  ctx: Context,
  request: Request,
  scope: ApiScope | undefined,
): Promise<KeyCaller | null> {
  const key = bearerToken(request);
  if (!key) {
    if (!request.headers.has("authorization")) return null;
    throw new AppError("unauthenticated", "Send the key as “Authorization: Bearer <key>”.");
  }
  const caller = await findApiKeyCaller(ctx, key);
  if (!caller) {
    // So that whoever guesses is made to wait.
    countRequest(ctx, `wrong-key:${visitorOf(ctx.env, request.headers)}`);
    throw new AppError("unauthenticated", "This API key is not valid.");
  }
  if (scope && !caller.scopes.includes(scope)) {
    throw new AppError("forbidden", `This key lacks the scope “${scope}”.`, { extra: { scope } });
  }
  assertApiAccess(caller.apiAccess);
  if (caller.apiKeyId) addLogFields({ key_id: caller.apiKeyId });
  return caller;
}

function namedCustomer(request: Request): { id: string } | { externalId: string } | null {
  const id = request.headers.get(CUSTOMER_HEADER);
  if (id) return { id };
  const externalId = request.headers.get(EXTERNAL_CUSTOMER_HEADER);
  // Header values are Latin-1 by HTTP's rule; what is beyond it comes percent-encoded.
  if (!externalId) return null;
  const parsed = ExternalId.safeParse(decodeHeader(externalId));
  // What can be nobody's id is nobody's.
  return { externalId: parsed.success ? parsed.data : "" };
}

async function readNamedCustomer(ctx: Context, request: Request): Promise<string> {
  const name = namedCustomer(request);
  if (name) return getNamedCustomerId(ctx, name);
  throw new AppError(
    "invalid_request",
    "A platform key acts for the customer you name: send Tollkeeper-Customer with our id, or Tollkeeper-External-Customer with yours.",
    { fields: [{ field: "Tollkeeper-Customer", message: "is missing" }] },
  );
}

function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
