import type Stripe from "stripe";
import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { findStripeEventHandler } from "./find-stripe-event-handler";

/** Stripe's own tolerance; checked in both directions here, since the SDK accepts a time in the future. */
const TOLERANCE_SECONDS = 300;

/**
 * Takes a webhook in: checks signature and time, and stores the event once, before anything else happens.
 * When this returns the event is durable, and 200 may be answered. Signatures use the wall clock.
 * @returns the Stripe customer whose billing must be read again, or null when there is nothing to do.
 * @throws AppError `signature_invalid`; nothing is stored then. (S1-49, S2-66, S4-27)
 */
export async function receiveStripeEvent(
  ctx: Context,
  { body, signature }: { body: string; signature: string | null },
): Promise<{ stripeCustomerId: string | null }> {
  const event = verify(ctx, body, signature);
  const stripeCustomerId = customerOf(event);
  const isHandled = findStripeEventHandler(event.type) !== null && stripeCustomerId !== null;
  const receivedAt = new Date();
  const { count } = await ctx.db.stripeEvent.createMany({
    data: {
      id: event.id,
      type: event.type,
      stripeCustomerId,
      objectId: objectIdOf(event),
      state: isHandled ? "received" : "ignored",
      nextAttemptAt: isHandled ? receivedAt : null,
      createdAt: new Date(event.created * 1000),
      receivedAt,
    },
    skipDuplicates: true,
  });
  return { stripeCustomerId: isHandled && count === 1 ? stripeCustomerId : null };
}

function verify(ctx: Context, body: string, signature: string | null): Stripe.Event {
  if (!signature) throw refused("the header stripe-signature is missing");
  const timestamp = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1]);
  if (!(Math.abs(Date.now() / 1000 - timestamp) <= TOLERANCE_SECONDS)) {
    throw refused(`the signature's time ${timestamp} is more than ${TOLERANCE_SECONDS} s away`);
  }
  let event: Stripe.Event;
  try {
    event = ctx.stripe.webhooks.constructEvent(
      body,
      signature,
      ctx.env.stripe.webhookSecret,
      TOLERANCE_SECONDS,
    );
  } catch (error) {
    throw refused("the signature does not match", error);
  }
  if (typeof event?.id !== "string" || typeof event.type !== "string" || typeof event.created !== "number") {
    throw refused("the body is no event");
  }
  const isLiveKey = /^(sk|rk)_live_/.test(ctx.env.stripe.secretKey);
  if (event.livemode !== isLiveKey) throw refused(`livemode is ${event.livemode}, our key's is ${isLiveKey}`);
  return event;
}

function refused(detail: string, cause?: unknown): AppError {
  return new AppError("signature_invalid", "The signature of this webhook is not valid.", { detail, cause });
}

function customerOf(event: Stripe.Event): string | null {
  const object = hintsOf(event);
  if (object.object === "customer") return object.id ?? null;
  return typeof object.customer === "string" ? object.customer : (object.customer?.id ?? null);
}

function objectIdOf(event: Stripe.Event): string {
  return hintsOf(event).id ?? "";
}

type ObjectHints = { object?: string; id?: string; customer?: string | { id: string } | null };

/** The SDK types every kind of object an event may carry; these members are the ones most have, each optional. */
function hintsOf(event: Stripe.Event): ObjectHints {
  return event.data.object as ObjectHints;
}
