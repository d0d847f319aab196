import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { clearable, hash, metadata, oneOf, type ParamsOf, text, timeRange } from "@/local/stripe/http/params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";

const listParams = { ...paginationParams, created: timeRange(), customer: text(), payment_intent: text() };

const updateParams = {
  description: text(),
  fraud_details: hash({ user_report: clearable(oneOf("fraudulent", "safe")) }),
  metadata: metadata(),
  receipt_email: text(),
};

/** https://docs.stripe.com/api/charges; they are created by payment intents. */
export const chargeOperations = [
  operation({
    method: "GET",
    path: "/v1/charges",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/charges", "charge", params, [
        ...customerFilter(context, params.customer),
        ...(params.payment_intent === undefined
          ? []
          : [fieldEquals("$.payment_intent", params.payment_intent)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/charges/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "charge", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/charges/:id",
    params: updateParams,
    run: (context, params, path) => updateCharge(context, path.id, params),
  }),
];

function updateCharge(context: Context, id: string, params: ParamsOf<typeof updateParams>): Stripe.Charge {
  const before = getByPath(context, "charge", id);
  const report = params.fraud_details?.user_report;
  const charge: Stripe.Charge = {
    ...before,
    description: params.description ?? before.description,
    fraud_details:
      report === undefined ? before.fraud_details : report === null ? {} : { user_report: report },
    metadata: mergeMetadata(before.metadata, params.metadata),
    receipt_email: params.receipt_email ?? before.receipt_email,
  };
  saveAndTell(context, "charge", charge, before, "charge.updated");
  return charge;
}
