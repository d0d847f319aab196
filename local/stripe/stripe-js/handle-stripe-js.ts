import { type Answer, htmlAnswer, jsonAnswer } from "@/local/stripe/http/answer";
import { authenticate } from "@/local/stripe/http/authenticate";
import { readRestrictedKeys } from "@/local/stripe/http/restricted-keys";
import { parameterMissing, resourceMissing, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import type { Lab } from "@/local/stripe/lab/lab";
import { findObject } from "@/local/stripe/store/store";
import { bundleScript, isScriptName } from "./bundle-script";
import { framedByLoopback } from "./framed-by-loopback";
import { FRAME_KINDS, renderFrame } from "./render-frame";
import { removeSavedMethod, savedMethodsOf } from "./saved-methods";

type Request = { method: string; url: URL; body: string; authorization: string | undefined };

/** Where Stripe serves its script: the evergreen one, and one for each release train. https://docs.stripe.com/sdks/stripejs-versioning */
const SCRIPT = /^\/(?:(v3)(?:\/(?:stripe\.js)?)?|(acacia|basil|clover|dahlia|endive)\/stripe\.js)$/;

/** What the frames load. */
const FRAME_SCRIPT = /^\/js\/frames\/([a-z]+-frame)\.js$/;

/** Whether a path belongs to Stripe.js. */
export function isStripeJsPath(pathname: string): boolean {
  return pathname.startsWith("/js/") || SCRIPT.test(pathname);
}

/** Serves Stripe.js, the frames with its fields, and what it asks apart from the API. */
export async function handleStripeJs(server: Lab, request: Request): Promise<Answer> {
  const { pathname } = request.url;
  const [, evergreen, train] = SCRIPT.exec(pathname) ?? [];
  const version = evergreen ?? train;
  if (version !== undefined) {
    const constants = { LAB_BASE_URL: server.baseUrl, STRIPE_JS_VERSION: version };
    return scriptAnswer(await bundleScript("stripe", constants));
  }
  const script = FRAME_SCRIPT.exec(pathname)?.[1];
  if (isScriptName(script)) return scriptAnswer(await bundleScript(script));
  const kind = FRAME_KINDS.find((name) => pathname === `/js/elements/${name}`);
  if (kind !== undefined) {
    const page = htmlAnswer(200, renderFrame(kind, server.clock.now()));
    return framedByLoopback(page, { runsScripts: true });
  }
  return answerCall(server, request);
}

async function answerCall(server: Lab, request: Request): Promise<Answer> {
  const { pathname, searchParams } = request.url;
  try {
    authenticate(request.authorization, readRestrictedKeys(server.store));
    if (pathname === "/js/checkout") return checkoutOf(server, searchParams.get("client_secret"));
    if (pathname === "/js/saved_payment_methods") {
      return request.method === "POST"
        ? await removeSavedMethod(server, new URLSearchParams(request.body))
        : savedMethodsOf(server, searchParams.get("client_secret"));
    }
    const path = /^\/js\/authentication\/((?:payment|setup)_intents\/\w+)$/.exec(pathname)?.[1];
    if (path !== undefined && request.method === "POST") return await abandon(server, path, request);
    throw new StripeApiError(404, {
      type: "invalid_request_error",
      message: `There is nothing at ${pathname}.`,
    });
  } catch (error) {
    if (error instanceof StripeApiError) return jsonAnswer(error.status, { error: error.body });
    throw error;
  }
}

/** Whether a client secret opens a checkout that can be embedded. */
function checkoutOf(server: Lab, secret: string | null): Answer {
  if (secret === null) throw parameterMissing("client_secret");
  const id = secret.split("_secret_")[0] ?? "";
  const session = findObject(server.store, "checkout.session", id);
  if (!session || session.client_secret !== secret)
    throw resourceMissing("checkout.session", id, "session", 404);
  return jsonAnswer(200, { id, object: "checkout.session", status: session.status });
}

/** The payer closed the bank's page, which is no consent. Only who knows the intent's secret may say so. */
async function abandon(server: Lab, path: string, { body, authorization }: Request): Promise<Answer> {
  const secret = new URLSearchParams(body).get("client_secret") ?? "";
  const url = new URL(`http://local/v1/${path}?${new URLSearchParams({ client_secret: secret })}`);
  const retrieve = {
    method: "GET",
    url,
    body: "",
    authorization,
    idempotencyKey: undefined,
    stripeVersion: undefined,
  };
  const known = await server.callApi(retrieve);
  if (known.status !== 200) return known;
  // The bank may have answered while the dialog was being closed; then its answer stands.
  const challenge = new URL(`http://local/3ds/${path.split("/")[1]}`);
  await server.openPage({ method: "POST", url: challenge, body: "outcome=failed" });
  return server.callApi(retrieve);
}

function scriptAnswer(source: string): Answer {
  const headers = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "no-cache",
    // Pages of other origins load the script, as they do Stripe's.
    "Cross-Origin-Resource-Policy": "cross-origin",
  };
  return { status: 200, headers, body: source };
}
