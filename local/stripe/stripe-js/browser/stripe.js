import { handleAction } from "./challenge-dialog.js";
import { confirmCard } from "./confirm-card.js";
import { confirmWithElements } from "./confirm-with-elements.js";
import { createPaymentMethod, createToken } from "./create-from-card.js";
import { StripeElements } from "./elements.js";
import { createEmbeddedCheckout } from "./embedded-checkout.js";
import { IntegrationError, notSimulated } from "./integration-error.js";
import { languageOf } from "./locale.js";
import { checkSecret, resultOf, retrieveIntent } from "./retrieve-intent.js";

/* global LAB_BASE_URL, STRIPE_JS_VERSION: put in when the script is bundled */

/** Calls that are there in Stripe.js and not here, refused by name. */
const UNSERVED_CALLS = (
  "confirmAcssDebitPayment confirmAlipayPayment confirmAuBecsDebitPayment confirmBancontactPayment confirmBlikPayment " +
  "confirmBoletoPayment confirmCashappPayment confirmEpsPayment confirmIdealPayment confirmKlarnaPayment confirmP24Payment " +
  "confirmPayPalPayment confirmSepaDebitPayment confirmUsBankAccountPayment confirmAuBecsDebitSetup confirmBacsDebitSetup " +
  "confirmPayPalSetup confirmSepaDebitSetup confirmUsBankAccountSetup verifyMicrodepositsForPayment verifyMicrodepositsForSetup " +
  "collectBankAccountForPayment collectBankAccountForSetup collectBankAccountToken collectFinancialConnectionsAccounts " +
  "createConfirmationToken createEphemeralKeyNonce createRadarSession createSource initCheckout initCheckoutElementsSdk " +
  "initCheckoutFormSdk initializePricing paymentRequest processOrder redirectToCheckout retrieveOrder retrieveSource verifyIdentity"
).split(" ");

/** https://docs.stripe.com/js/initializing */
function Stripe(key, options = {}) {
  checkKey(key);
  const locale = options.locale ?? "auto";
  // What is sent with every call, and to the frames, which make some of them.
  const stripe = { baseUrl: LAB_BASE_URL, key, language: languageOf(locale), locale };
  return {
    _apiKey: key,
    _registerWrapper() {},
    registerAppInfo() {},
    elements: (given) => new StripeElements(stripe, { locale, ...given }),
    confirmPayment: (given) => confirmWithElements(inLanguageOf(stripe, given), "payment_intent", given),
    confirmSetup: (given) => confirmWithElements(inLanguageOf(stripe, given), "setup_intent", given),
    confirmCardPayment: (secret, data, extra) =>
      confirmCard(stripe, "payment_intent", "confirmCardPayment", secret, data, extra),
    confirmCardSetup: (secret, data, extra) =>
      confirmCard(stripe, "setup_intent", "confirmCardSetup", secret, data, extra),
    handleCardAction: (secret) => handleNext(stripe, "handleCardAction", "payment_intent", secret),
    handleNextAction: (given) => handleNext(stripe, "handleNextAction", undefined, given?.clientSecret),
    retrievePaymentIntent: (secret) => retrieve(stripe, "retrievePaymentIntent", "payment_intent", secret),
    retrieveSetupIntent: (secret) => retrieve(stripe, "retrieveSetupIntent", "setup_intent", secret),
    createPaymentMethod: (...given) => createPaymentMethod(stripe, ...given),
    createToken: (...given) => createToken(stripe, ...given),
    createEmbeddedCheckoutPage: (given) => createEmbeddedCheckout(stripe, given),
    // The name it had in older versions.
    initEmbeddedCheckout: (given) => createEmbeddedCheckout(stripe, given),
    ...Object.fromEntries(UNSERVED_CALLS.map((name) => [name, () => refuseCall(name)])),
  };
}

Stripe.version = STRIPE_JS_VERSION === "v3" ? 3 : STRIPE_JS_VERSION;

if (window.Stripe)
  console.warn("It looks like Stripe.js was loaded more than one time. Please only load it once per page.");
else window.Stripe = Stripe;

function checkKey(key) {
  if (typeof key !== "string")
    throw new IntegrationError("Missing value for Stripe(): apiKey should be a string.");
  if (key === "")
    throw new IntegrationError("Please call Stripe() with your publishable key. You used an empty string.");
  if (/^(sk|rk)_/.test(key)) {
    throw new IntegrationError(
      "You should not use your secret key with Stripe.js.\n        Please pass a publishable key instead.",
    );
  }
}

function refuseCall(name) {
  throw notSimulated(`stripe.${name}()`);
}

/** Elements may speak another language than the page's. */
function inLanguageOf(stripe, given) {
  const locale = given?.elements?._options?.locale;
  return locale === undefined ? stripe : { ...stripe, language: languageOf(locale) };
}

async function retrieve(stripe, call, kind, secret) {
  checkSecret(call, kind, secret);
  return resultOf(await retrieveIntent(stripe, secret));
}

/** https://docs.stripe.com/js/payment_intents/handle_next_action */
async function handleNext(stripe, call, kind, secret) {
  checkSecret(call, kind, secret);
  const { value: intent, error } = await retrieveIntent(stripe, secret);
  if (error) return { error };
  if (intent.status !== "requires_action") {
    const name = intent.object === "setup_intent" ? "SetupIntent" : "PaymentIntent";
    throw new IntegrationError(`${call}: The ${name} supplied is not in the requires_action state.`);
  }
  return resultOf(await handleAction(stripe, intent));
}
