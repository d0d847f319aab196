import type Stripe from "stripe";
import type { Context } from "@/lib/context";
import { HANDLED_EVENT_TYPES } from "@/lib/services/stripe-events/find-stripe-event-handler";
import { isStripeError } from "@/lib/stripe/stripe-error";
import { CHECK_TIMEOUT_MS, type Finding, runCheck, type SystemCheck } from "./system-check";

const OPTIONS = { timeout: CHECK_TIMEOUT_MS, maxNetworkRetries: 0 };

/** Where Stripe has to send its events. */
export function webhookAddress(appUrl: string): string {
  return `${appUrl}/api/v1/webhooks/stripe`;
}

/** That the key is valid, both keys are of one mode, and our webhook endpoint is there with every event we handle. */
export function checkStripe(ctx: Context): Promise<SystemCheck> {
  return runCheck("Stripe does not answer.", async () => {
    const [balance, endpoints] = await Promise.allSettled([
      ctx.stripe.balance.retrieve({}, OPTIONS),
      ctx.stripe.webhookEndpoints.list({ limit: 100 }, OPTIONS),
    ]);
    if (balance.status === "rejected" && !isPermission(balance.reason)) {
      if (!isRefusedKey(balance.reason)) throw balance.reason;
      return { state: "failed", summary: "Stripe refuses STRIPE_SECRET_KEY. Copy it again.", facts: [] };
    }
    const isLive = balance.status === "fulfilled" ? balance.value.livemode : null;
    const facts = [
      { term: "Mode", detail: modeWords(ctx, isLive) },
      { term: "API version", detail: String(ctx.stripe.getApiField("version")) },
      { term: "Events go to", detail: webhookAddress(ctx.env.appUrl) },
    ];
    if (isLive !== null && ctx.env.stripe.publishableKey.startsWith("pk_live_") !== isLive) {
      return {
        state: "failed",
        summary: "STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are of different modes, live and test.",
        facts,
      };
    }
    return { ...judgeEndpoints(ctx, endpoints), facts };
  });
}

function judgeEndpoints(
  ctx: Context,
  endpoints: PromiseSettledResult<Stripe.ApiList<Stripe.WebhookEndpoint>>,
): Pick<Finding, "state" | "summary"> {
  if (endpoints.status === "rejected") {
    return {
      state: "attention",
      summary:
        "The key is valid. It may not read webhook endpoints, so whether ours is there was not checked.",
    };
  }
  const address = webhookAddress(ctx.env.appUrl);
  const endpoint = endpoints.value.data.find(({ url }) => url.replace(/\/$/, "") === address);
  if (!endpoint) {
    return {
      state: "failed",
      summary:
        "The key is valid, but no webhook endpoint leads here: Stripe cannot tell us that somebody paid.",
    };
  }
  if (endpoint.status !== "enabled") {
    return { state: "failed", summary: "The webhook endpoint is switched off at Stripe. Switch it on." };
  }
  const missing = HANDLED_EVENT_TYPES.filter(
    (type) => !endpoint.enabled_events.includes(type) && !endpoint.enabled_events.includes("*"),
  );
  if (missing.length > 0) {
    return { state: "attention", summary: `The webhook endpoint lacks events: ${missing.join(", ")}.` };
  }
  return { state: "works", summary: "The key is valid, and the webhook endpoint leads here." };
}

function modeWords(ctx: Context, isLive: boolean | null): string {
  if (ctx.env.stripe.localUrl) return "Local stand-in: no money moves";
  if (isLive === null) return "Unknown: the key may not read the balance";
  return isLive ? "Live: real money moves" : "Test: no money moves";
}

function isRefusedKey(error: unknown): boolean {
  return isStripeError(error) && error.type === "StripeAuthenticationError";
}

function isPermission(error: unknown): boolean {
  return isStripeError(error) && error.type === "StripePermissionError";
}
