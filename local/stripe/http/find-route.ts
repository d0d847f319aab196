import { API_VERSION } from "@/local/stripe/events/api-version";
import { isKnownCall, schemaOfCall } from "@/local/stripe/schemas/schemas";
import { authenticate, type Caller } from "./authenticate";
import type { ApiRequest, ApiServer } from "./handle-api-request";
import type { RouteMatch } from "./match-route";
import { checkPermission } from "./permissions";
import { readRestrictedKeys } from "./restricted-keys";
import { invalidRequest, notSimulated, StripeApiError } from "./stripe-api-error";

/**
 * Who asks for what. Checked before anything is done: the key, the version, the URL, the permission.
 * @throws StripeApiError 401, 400, 404 or 403.
 */
export function findRoute(server: ApiServer, request: ApiRequest): { caller: Caller; match: RouteMatch } {
  const caller = authenticate(request.authorization, readRestrictedKeys(server.store));
  checkVersion(request.stripeVersion);
  const match = server.router(request.method, request.url.pathname);
  if (match && !isMistaken(request, match)) {
    checkPermission(caller, match.operation);
    return { caller, match };
  }
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

/** `GET /v1/customers/search` is a call of its own and names no customer "search". */
function isMistaken({ method, url }: ApiRequest, { operation }: RouteMatch): boolean {
  return operation.path !== url.pathname && schemaOfCall(method, url.pathname) !== undefined;
}

/**
 * Only one version is spoken, and answering another with its shapes would be a lie.
 * https://docs.stripe.com/api/versioning
 */
function checkVersion(version: string | undefined): void {
  if (version === undefined || version === API_VERSION) return;
  throw invalidRequest(
    `Invalid Stripe API version: ${version}. The local Stripe speaks ${API_VERSION} only; leave the ` +
      "Stripe-Version header out, or use an SDK that is pinned to it.",
  );
}
