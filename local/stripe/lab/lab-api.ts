import { timeOfCall } from "@/local/stripe/clock";
import { type Answer, jsonAnswer } from "@/local/stripe/http/answer";
import { requireSecretKey } from "@/local/stripe/http/authenticate";
import type { FormHash, FormValue } from "@/local/stripe/http/decode-form";
import { createRouter } from "@/local/stripe/http/match-route";
import { readRestrictedKeys } from "@/local/stripe/http/restricted-keys";
import { invalidRequest, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { clockCalls } from "./controls/clock-calls";
import { deliveryCalls } from "./controls/delivery-calls";
import { disputeCalls } from "./controls/dispute-calls";
import { faultCalls } from "./controls/fault-calls";
import { paymentCalls } from "./controls/payment-calls";
import { scenarioCalls } from "./controls/scenario-calls";
import { serverCalls } from "./controls/server-calls";
import { snapshotCalls } from "./controls/snapshot-calls";
import type { Lab } from "./lab";
import type { Done } from "./lab-call";
import { recordCall } from "./recorder";

export type LabRequest = { method: string; url: URL; body: string; authorization: string | undefined };

/** Every call of the control API. */
export const LAB_CALLS = [
  ...serverCalls,
  ...clockCalls,
  ...paymentCalls,
  ...disputeCalls,
  ...faultCalls,
  ...deliveryCalls,
  ...snapshotCalls,
  ...scenarioCalls,
];

const findCall = createRouter(LAB_CALLS);

/** The control API: not Stripe's, JSON, under the same secret key. It exists for tests and demonstrations. */
export async function handleLabRequest(lab: Lab, request: LabRequest): Promise<Answer> {
  try {
    requireSecretKey(request.authorization, readRestrictedKeys(lab.store));
    const { method, url, body } = request;
    const form = method === "GET" ? new Map(url.searchParams) : readJsonForm(body);
    return jsonAnswer(200, (await callLab(lab, method, url.pathname, form)).answer);
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return jsonAnswer(error.status, { error: error.body });
  }
}

/**
 * Makes one call of the control API, by whomever.
 * @throws StripeApiError 404 when there is none, 400 naming the parameter that is wrong.
 */
export async function callLab(lab: Lab, method: string, path: string, form: FormHash): Promise<Done> {
  const match = findCall(method, path);
  if (match) {
    const arrivedAt = lab.clock.now();
    const done = await match.operation.run(lab, form, match.pathValues);
    const at = timeOfCall(lab.store, arrivedAt);
    if (isRecorded(method, path)) {
      const body = JSON.stringify(asJson(form));
      const call = { at, method, path, body, idempotency_key: null, publishable: false, status: 200 };
      recordCall(lab, call, JSON.stringify(done.answer));
    }
    return done;
  }
  const message = `The lab has no ${method} ${path}.`;
  throw new StripeApiError(404, { type: "invalid_request_error", message });
}

/** What changes something and is not about recording itself or about other states than this one. */
function isRecorded(method: string, path: string): boolean {
  return method !== "GET" && !/^\/lab\/(jobs|recording|replay|reset|snapshots)(\/|$)/.test(path);
}

/** Replayed, a jump is made at once: the next call is to find it over. */
function asJson(form: FormHash): object {
  const entries = [...form].filter(([name]) => name !== "in_steps");
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Map ? asJson(value) : value]),
  );
}

/** Reads a JSON body as the form it would be, so that it is checked as strictly as the API's own parameters. */
export function readJsonForm(body: string): FormHash {
  let value: unknown;
  try {
    value = JSON.parse(body === "" ? "{}" : body);
  } catch {
    throw invalidRequest("The body is not JSON.");
  }
  const form = asForm(value);
  if (!(form instanceof Map) || Array.isArray(value)) throw invalidRequest("The body is not a JSON object.");
  return form;
}

function asForm(value: unknown): FormValue {
  if (typeof value !== "object" || value === null) return String(value);
  return new Map(Object.entries(value).map(([name, field]) => [name, asForm(field)]));
}
