import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { insertObject } from "@/local/stripe/store/store";

/** When and how an account's holder agreed to be debited. */
export type Acceptance = {
  type: "offline" | "online";
  acceptedAt: number;
  ip: string | null;
  userAgent: string | null;
};

/** The mandate a method is debited under; one that was set up by nobody counts as agreed to offline. */
export function mandateOf(context: Context, method: Stripe.PaymentMethod): Stripe.Mandate {
  const offline: Acceptance = { type: "offline", acceptedAt: context.now, ip: null, userAgent: null };
  return findMandate(context, method.id) ?? createMandate(context, method, offline);
}

/** The latest mandate of a method that is in force, or null. */
export function findMandate(context: Context, methodId: string): Stripe.Mandate | null {
  const [mandate] = listAllObjects(context.store, "mandate", [
    fieldEquals("$.payment_method", methodId),
    fieldEquals("$.status", "active"),
  ]);
  return mandate ?? null;
}

/** https://docs.stripe.com/api/mandates/object */
export function createMandate(
  context: Context,
  method: Stripe.PaymentMethod,
  { type, acceptedAt, ip, userAgent }: Acceptance,
): Stripe.Mandate {
  const mandate: Stripe.Mandate = {
    id: newId("mandate"),
    object: "mandate",
    customer_acceptance: {
      accepted_at: acceptedAt,
      ...(type === "online" ? { online: { ip_address: ip, user_agent: userAgent } } : { offline: {} }),
      type,
    },
    livemode: false,
    multi_use: {},
    payment_method: method.id,
    payment_method_details: { type: method.type, us_bank_account: {} },
    status: "active",
    type: "multi_use",
  };
  insertObject(context.store, "mandate", mandate, {});
  return mandate;
}

/** A method that is detached can be debited no more. https://docs.stripe.com/api/mandates/object#mandate_object-status */
export function endMandates(context: Context, methodId: string): void {
  for (let mandate = findMandate(context, methodId); mandate; mandate = findMandate(context, methodId)) {
    saveAndTell(context, "mandate", { ...mandate, status: "inactive" }, mandate, "mandate.updated");
  }
}
