import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text, timeRange } from "@/local/stripe/http/params";
import { newId } from "@/local/stripe/ids";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, listAllObjects } from "@/local/stripe/store/list-objects";
import { insertObject } from "@/local/stripe/store/store";

const listParams = { ...paginationParams, charge: text(), created: timeRange(), payment_intent: text() };

/** https://docs.stripe.com/api/radar/early_fraud_warnings */
export const earlyFraudWarningOperations = [
  operation({
    method: "GET",
    path: "/v1/radar/early_fraud_warnings",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/radar/early_fraud_warnings", "radar.early_fraud_warning", params, [
        ...(params.charge === undefined ? [] : [fieldEquals("$.charge", params.charge)]),
        ...(params.payment_intent === undefined
          ? []
          : [fieldEquals("$.payment_intent", params.payment_intent)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/radar/early_fraud_warnings/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "radar.early_fraud_warning", path.id),
  }),
];

/** The issuer suspects fraud; the payment stands. https://docs.stripe.com/disputes/measuring#early-fraud-warnings */
export function warnOfFraud(context: Context, charge: Stripe.Charge): void {
  const warning: Stripe.Radar.EarlyFraudWarning = {
    id: newId("issfr"),
    object: "radar.early_fraud_warning",
    actionable: true,
    charge: charge.id,
    created: context.now,
    fraud_type: "misc",
    livemode: false,
    ...(charge.payment_intent === null ? {} : { payment_intent: idOf(charge.payment_intent) }),
  };
  insertObject(context.store, "radar.early_fraud_warning", warning, {});
  emitEvent(context, "radar.early_fraud_warning.created", warning);
}

/** Nothing can be done about one any more once its charge is disputed or wholly refunded. */
export function retireFraudWarnings(context: Context, chargeId: string): void {
  const warnings = listAllObjects(context.store, "radar.early_fraud_warning", [
    fieldEquals("$.charge", chargeId),
  ]);
  for (const warning of warnings) {
    const retired: Stripe.Radar.EarlyFraudWarning = { ...warning, actionable: false };
    saveAndTell(context, "radar.early_fraud_warning", retired, warning, "radar.early_fraud_warning.updated");
  }
}
