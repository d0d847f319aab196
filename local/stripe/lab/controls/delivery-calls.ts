import { integer, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import type { Lab } from "@/local/stripe/lab/lab";
import { labCall } from "@/local/stripe/lab/lab-call";
import { findObject } from "@/local/stripe/store/store";
import { listDeliveries, queueRedelivery } from "@/local/stripe/webhook-endpoints/deliveries";
import {
  addRule,
  type DeliveryRule,
  dropRule,
  listRules,
} from "@/local/stripe/webhook-endpoints/delivery-rules";

const ruleParams = {
  action: required(oneOf("twice", "reverse", "late", "never", "lose_answer")),
  count: integer({ min: 1, max: 1000 }),
  endpoint: text(),
  late_by_seconds: integer({ min: 1, max: 30 * 24 * 3600 }),
  type: text(),
};

/** How events reach their endpoints. */
export const deliveryCalls = [
  labCall({
    method: "GET",
    path: "/lab/delivery-rules",
    params: {},
    run: (lab) => ({ data: listRules(lab.store) }),
  }),
  labCall({
    method: "POST",
    path: "/lab/delivery-rules",
    params: ruleParams,
    run: setRule,
    says: () => "The rule is set.",
  }),
  labCall({
    method: "DELETE",
    path: "/lab/delivery-rules/:id",
    params: {},
    run(lab, _params, { id }) {
      if (!dropRule(lab.store, id, lab.clock.nowMs())) throw resourceMissing("rule", id, "id", 404);
      lab.kick();
      return { data: listRules(lab.store) };
    },
    says: () => "The rule is taken back.",
  }),
  labCall({
    method: "GET",
    path: "/lab/deliveries",
    params: { endpoint: text(), event: text(), status: oneOf("delivered", "failed", "pending") },
    run: (lab, filter) => ({ data: listDeliveries(lab.store, filter, 200) }),
  }),
  labCall({
    method: "POST",
    path: "/lab/events/:id/redeliver",
    params: { times: integer({ min: 1, max: 1000 }) },
    run(lab, { times = 1 }, { id }) {
      if (!findObject(lab.store, "event", id)) throw resourceMissing("event", id, "id", 404);
      const queued = queueRedelivery(lab.store, id, times, lab.clock.nowMs());
      lab.kick();
      return { event: id, queued };
    },
    says: ({ queued }) =>
      queued === 0
        ? "There is no endpoint to send it to."
        : `The event is on its way again: ${queued} deliveries.`,
  }),
];

function setRule(lab: Lab, params: ParamsOf<typeof ruleParams>): DeliveryRule {
  const { action, count = 1, endpoint = null, type = null, late_by_seconds: late } = params;
  if ((action === "late") !== (late !== undefined)) {
    throw invalidRequest("`late_by_seconds` goes with the action `late`, and only with it.", {
      param: "late_by_seconds",
    });
  }
  if (endpoint !== null && !findObject(lab.store, "webhook_endpoint", endpoint)) {
    throw resourceMissing("webhook endpoint", endpoint, "endpoint", 400);
  }
  return addRule(lab.store, { action, endpoint, type, late_by_seconds: late ?? 0, remaining: count });
}
