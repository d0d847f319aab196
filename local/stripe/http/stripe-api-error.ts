import type Stripe from "stripe";

/** What Stripe puts under `error` in a refusal: https://docs.stripe.com/api/errors */
export type ErrorBody = {
  type: "invalid_request_error" | "card_error" | "idempotency_error" | "api_error";
  message: string;
  code?: string;
  decline_code?: string;
  advice_code?: string;
  network_decline_code?: string;
  param?: string;
  charge?: string;
  doc_url?: string;
  payment_method?: Stripe.PaymentMethod;
  setup_intent?: Stripe.SetupIntent;
  payment_intent?: Stripe.PaymentIntent;
};

/** A refusal in Stripe's words. `status` is the HTTP status it is answered with. */
export class StripeApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: ErrorBody, headers: Record<string, string> = {}) {
    super(body.message);
    this.name = "StripeApiError";
    this.status = status;
    this.headers = headers;
    this.body =
      body.code === undefined || body.code === NOT_SIMULATED ? body : { ...body, doc_url: docUrl(body.code) };
  }
}

/** Not one of Stripe's codes: it marks what Stripe can do and this stand-in cannot yet. */
const NOT_SIMULATED = "not_simulated";

/** A refusal of the request itself: 400. */
export function invalidRequest(
  message: string,
  details: { code?: string; param?: string } = {},
): StripeApiError {
  return new StripeApiError(400, { type: "invalid_request_error", message, ...details });
}

/** A parameter the operation does not have. Nested ones are named as they were sent, `items[0][foo]`. */
export function parameterUnknown(param: string): StripeApiError {
  return invalidRequest(`Received unknown parameter: ${param}`, { code: "parameter_unknown", param });
}

/** A parameter the operation cannot do without. */
export function parameterMissing(param: string): StripeApiError {
  return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param });
}

/** What Stripe does but this stand-in does not: refused aloud, so that nobody trusts a half-answer. */
export function notSimulated(what: string, param?: string): StripeApiError {
  const message = `Not simulated yet by the local Stripe: ${what}.`;
  return invalidRequest(message, { code: NOT_SIMULATED, ...(param === undefined ? {} : { param }) });
}

/** An object named in the URL (404) or in a parameter (400) does not exist. */
export function resourceMissing(noun: string, id: string, param: string, status: 400 | 404): StripeApiError {
  return new StripeApiError(status, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${noun}: '${id}'`,
    param,
  });
}

function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
}
