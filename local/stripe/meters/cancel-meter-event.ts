import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { hash, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { getByParam } from "@/local/stripe/references";
import { cancelMeterEvent, findMeterEvent } from "./meter-events-table";

export const meterEventAdjustmentParams = {
  cancel: hash({ identifier: text(100) }),
  event_name: required(text(100)),
  type: required(oneOf("cancel")),
};

const MAX_AGE_SECONDS = 24 * 60 * 60;

/**
 * Takes one report back, within 24 hours of its arrival. Stripe does it a while later, this server at once.
 * https://docs.stripe.com/api/billing/meter-event-adjustment/create
 */
export function adjustMeterEvent(
  context: Context,
  params: ParamsOf<typeof meterEventAdjustmentParams>,
): Stripe.Billing.MeterEventAdjustment {
  const identifier = params.cancel?.identifier;
  if (identifier === undefined) throw parameterMissing("cancel[identifier]");
  const event = findMeterEvent(context, identifier);
  const isOfMeter =
    event && getByParam(context, "billing.meter", event.meter, "event_name").event_name === params.event_name;
  if (!event || !isOfMeter || event.canceled) {
    throw resourceMissing("meter event", identifier, "cancel[identifier]", 400);
  }
  if (context.now - event.receivedAt > MAX_AGE_SECONDS) {
    const message = "You can only cancel events within 24 hours of Stripe receiving them.";
    throw invalidRequest(message, { param: "cancel[identifier]" });
  }
  cancelMeterEvent(context, identifier);
  return {
    object: "billing.meter_event_adjustment",
    cancel: { identifier },
    event_name: params.event_name,
    livemode: false,
    status: "complete",
    type: "cancel",
  };
}
