import type { Context } from "@/local/stripe/context";
import { checkEmail } from "@/local/stripe/customers/create-customer";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, notSimulated, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { findObject } from "@/local/stripe/store/store";
import type { sessionCreateParams } from "./session-params";

type Params = ParamsOf<typeof sessionCreateParams>;

/** Parameters that only make sense in some modes, as https://docs.stripe.com/api/checkout/sessions/create says. */
const MODES_OF_PARAM: Partial<Record<keyof Params, readonly Params["mode"][]>> = {
  allow_promotion_codes: ["payment", "subscription"],
  automatic_tax: ["payment", "subscription"],
  customer_creation: ["payment", "setup"],
  discounts: ["payment", "subscription"],
  invoice_creation: ["payment"],
  line_items: ["payment", "subscription"],
  payment_intent_data: ["payment"],
  payment_method_collection: ["subscription"],
  setup_intent_data: ["setup"],
  submit_type: ["payment", "subscription"],
  subscription_data: ["subscription"],
};

/** What of a session's parameters contradicts itself or the mode. @throws StripeApiError naming the parameter. */
export function checkSessionParams(context: Context, params: Params): void {
  checkWayBack(params);
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: customer, customer_email.", {
      param: "customer",
    });
  }
  if (params.customer_update && params.customer === undefined) {
    throw invalidRequest("`customer_update` can only be used with `customer`.", { param: "customer_update" });
  }
  checkEmail(params.customer_email, "customer_email");
  if (params.discounts && params.allow_promotion_codes) {
    throw invalidRequest("You may only specify one of these parameters: allow_promotion_codes, discounts.", {
      param: "allow_promotion_codes",
    });
  }
  if ((params.discounts ?? []).length > 1) {
    throw invalidRequest("Checkout Sessions currently only support up to one discount.", {
      param: "discounts",
    });
  }
  checkCustomFields(params);
  checkKnownCustomer(context, params);
  for (const [param, modes] of Object.entries(MODES_OF_PARAM)) {
    if (Object.hasOwn(params, param) && !modes.includes(params.mode)) {
      throw invalidRequest(`You can not pass \`${param}\` in \`${params.mode}\` mode.`, { param });
    }
  }
  if (
    params.mode === "setup" &&
    params.currency === undefined &&
    params.allowed_payment_method_types === undefined
  ) {
    throw parameterMissing("currency");
  }
  checkLife(context, params.expires_at);
  checkTrialIsLongEnough(context, params);
}

/**
 * A hosted page leads to `success_url`, an embedded one to `return_url`, and neither takes the other's.
 * https://docs.stripe.com/payments/checkout/custom-success-page
 */
function checkWayBack(params: Params): void {
  const { ui_mode: mode = "hosted_page" } = params;
  if (mode !== "hosted_page" && mode !== "embedded_page") {
    throw notSimulated(`checkout with ui_mode '${mode}'`, "ui_mode");
  }
  const foreign: (keyof Params)[] =
    mode === "hosted_page" ? ["return_url", "redirect_on_completion"] : ["success_url", "cancel_url"];
  for (const param of foreign) {
    if (params[param] === undefined) continue;
    throw invalidRequest(`You can not pass \`${param}\` when \`ui_mode\` is \`${mode}\`.`, { param });
  }
  if (mode === "embedded_page" && params.after_expiration) {
    throw notSimulated("recovery of embedded checkouts", "after_expiration");
  }
  const wanted = mode === "hosted_page" ? "success_url" : "return_url";
  const staysOnPage = params.redirect_on_completion === "never";
  if (params[wanted] === undefined && !staysOnPage) throw parameterMissing(wanted);
  for (const param of ["success_url", "cancel_url", "return_url"] as const) {
    const url = params[param];
    if (url !== undefined) checkUrl(url, param);
  }
}

function checkUrl(url: string, param: string): void {
  // The placeholder is not valid in a URL, but Stripe accepts it in any part of one.
  if (/^https?:\/\//.test(url) && URL.canParse(url.replaceAll("{CHECKOUT_SESSION_ID}", "id"))) return;
  throw invalidRequest("Not a valid URL", { code: "url_invalid", param });
}

/** From 30 minutes to 24 hours after creation. */
function checkLife(context: Context, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return;
  const life = expiresAt - context.now;
  // A caller computes the bound from its own clock, which may be a moment behind ours.
  if (life >= 30 * 60 - 60 && life <= 24 * 60 * 60 + 60) return;
  const bound = life < 0 || life < 30 * 60 ? "at least 30 minutes" : "less than 24 hours";
  throw invalidRequest(`The \`expires_at\` timestamp must be ${bound} from Checkout Session creation.`, {
    param: "expires_at",
  });
}

/** Stripe wants 48 hours at least when the end is given as a moment. */
function checkTrialIsLongEnough(context: Context, params: Params): void {
  const trialEnd = params.subscription_data?.trial_end;
  if (trialEnd === undefined || trialEnd >= context.now + 48 * 60 * 60) return;
  throw invalidRequest("The `trial_end` date has to be at least 2 days in the future.", {
    param: "subscription_data[trial_end]",
  });
}

/** Keys are letters and digits, unlike one another, and each kind has its own settings. */
function checkCustomFields({ custom_fields: fields = [] }: Params): void {
  fields.forEach((field, index) => {
    const param = `custom_fields[${index}]`;
    if (!/^[a-zA-Z0-9]+$/.test(field.key)) {
      throw invalidRequest("The `key` of a custom field may only contain letters and digits.", {
        param: `${param}[key]`,
      });
    }
    if (fields.findIndex(({ key }) => key === field.key) !== index) {
      throw invalidRequest(`The \`key\` of a custom field must be unique: ${field.key}`, {
        param: `${param}[key]`,
      });
    }
    if (field.type === "dropdown" && !field.dropdown) throw parameterMissing(`${param}[dropdown]`);
  });
}

/** What is collected about a customer there is already must be allowed to be kept. */
function checkKnownCustomer(context: Context, params: Params): void {
  if (params.customer === undefined) return;
  const customer = findObject(context.store, "customer", params.customer);
  const { customer_update: update } = params;
  if (params.automatic_tax?.enabled && update?.address !== "auto" && !customer?.address) {
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the " +
        "Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save " +
        "the address entered in Checkout to the Customer.",
      { code: "customer_tax_location_invalid", param: "customer_update[address]" },
    );
  }
  if (params.tax_id_collection?.enabled && update?.name !== "auto") {
    throw invalidRequest(
      "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing " +
        "customer, please set `customer_update[name]` to `auto`.",
      { param: "customer_update[name]" },
    );
  }
}
