/**
 * Stripe's published test cards and how each behaves: https://docs.stripe.com/testing
 * A card may be declined when it is saved (setup), when it is charged, or not at all.
 */

export type Decline = { code: string; declineCode: string; message: string };

/** Null is success. */
export type ChargeOutcome = Decline | null;

export type TestCard = {
  number: string;
  brand: "visa" | "mastercard" | "amex" | "discover" | "diners" | "jcb" | "unionpay";
  funding: "credit" | "debit" | "prepaid";
  country: string;
  onSetup: ChargeOutcome;
  onCharge: ChargeOutcome;
  /** The names after `pm_card_` and `tok_` that stand for this card. */
  aliases: string[];
};

/** Finds the card behind a number, or null when it is not a test card. */
export function findTestCard(number: string): TestCard | null {
  return TEST_CARDS.find((card) => card.number === number) ?? null;
}

/** Finds the card behind `pm_card_visa`, `tok_chargeDeclined` and their like. */
export function findTestCardByAlias(id: string): TestCard | null {
  const alias = id.replace(/^pm_card_/, "").replace(/^tok_/, "");
  if (alias === id) return null;
  return TEST_CARDS.find((card) => card.aliases.includes(alias)) ?? null;
}

/**
 * How long the cards behind shared test ids are good for: ten years, where Stripe's have one, so that a leap over
 * some renewals meets no expired card that nobody asked for.
 */
export function sharedCardExpiry(now: number): { exp_month: number; exp_year: number } {
  const date = new Date(now * 1000);
  return { exp_month: date.getUTCMonth() + 1, exp_year: date.getUTCFullYear() + 10 };
}

const GENERIC: Decline = {
  code: "card_declined",
  declineCode: "generic_decline",
  message: "Your card was declined.",
};

export const EXPIRED: Decline = {
  code: "expired_card",
  declineCode: "expired_card",
  message: "Your card has expired.",
};

/** A real card, or a number nobody listed, in test mode. */
export const NOT_A_TEST_CARD: Decline = {
  code: "card_declined",
  declineCode: "test_mode_live_card",
  message:
    "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of " +
    "valid test cards, visit: https://docs.stripe.com/testing.",
};

const NO_3D_SECURE: Decline = {
  code: "card_declined",
  declineCode: "authentication_not_handled",
  message:
    "Your card was declined: 3D Secure is not simulated yet by the local Stripe. Use another test card.",
};

const TEST_CARDS: TestCard[] = [
  good("4242424242424242", "visa", "credit", "visa"),
  good("4012888888881881", "visa", "credit"),
  good("4000056655665556", "visa", "debit", "visa_debit"),
  good("5555555555554444", "mastercard", "credit", "mastercard"),
  good("2223003122003222", "mastercard", "credit"),
  good("5200828282828210", "mastercard", "debit", "mastercard_debit"),
  good("5105105105105100", "mastercard", "prepaid", "mastercard_prepaid"),
  good("378282246310005", "amex", "credit", "amex"),
  good("371449635398431", "amex", "credit"),
  good("6011111111111117", "discover", "credit", "discover"),
  good("6011000990139424", "discover", "credit"),
  good("3056930009020004", "diners", "credit", "diners"),
  good("36227206271667", "diners", "credit"),
  good("3566002020360505", "jcb", "credit", "jcb"),
  good("6200000000000005", "unionpay", "credit", "unionpay"),
  declined("4000000000000002", GENERIC, "visa_chargeDeclined", "chargeDeclined"),
  declined(
    "4000000000009995",
    because("insufficient_funds", "Your card has insufficient funds."),
    "visa_chargeDeclinedInsufficientFunds",
    "chargeDeclinedInsufficientFunds",
  ),
  declined(
    "4000000000009987",
    because("lost_card", "Your card was declined."),
    "visa_chargeDeclinedLostCard",
    "chargeDeclinedLostCard",
  ),
  declined(
    "4000000000009979",
    because("stolen_card", "Your card was declined."),
    "visa_chargeDeclinedStolenCard",
    "chargeDeclinedStolenCard",
  ),
  declined("4000000000000069", EXPIRED, "chargeDeclinedExpiredCard"),
  declined(
    "4000000000000127",
    {
      code: "incorrect_cvc",
      declineCode: "incorrect_cvc",
      message: "Your card's security code is incorrect.",
    },
    "chargeDeclinedIncorrectCvc",
  ),
  declined(
    "4000000000000119",
    {
      code: "processing_error",
      declineCode: "processing_error",
      message: "An error occurred while processing your card. Try again in a little bit.",
    },
    "chargeDeclinedProcessingError",
  ),
  // Saving this one succeeds; every later charge is declined.
  {
    ...declined("4000000000000341", GENERIC, "chargeCustomerFail", "visa_chargeCustomerFail"),
    onSetup: null,
  },
  declined("4000000000003220", NO_3D_SECURE, "threeDSecure2Required"),
  declined("4000000000003063", NO_3D_SECURE, "threeDSecureRequired"),
  declined("4000002500003155", NO_3D_SECURE, "authenticationRequiredOnSetup"),
  declined("4000002760003184", NO_3D_SECURE, "authenticationRequired"),
  declined("4000003800000446", NO_3D_SECURE, "authenticationRequiredSetupForOffSession"),
  declined("4000008260003178", NO_3D_SECURE, "authenticationRequiredChargeDeclinedInsufficientFunds"),
  declined("4000008400001629", NO_3D_SECURE, "threeDSecureRequiredChargeDeclined"),
];

function good(
  number: string,
  brand: TestCard["brand"],
  funding: TestCard["funding"],
  ...aliases: string[]
): TestCard {
  return { number, brand, funding, country: "US", onSetup: null, onCharge: null, aliases };
}

function declined(number: string, decline: Decline, ...aliases: string[]): TestCard {
  const card = good(number, "visa", "credit", ...aliases);
  return { ...card, onSetup: decline, onCharge: decline };
}

function because(declineCode: string, message: string): Decline {
  return { code: "card_declined", declineCode, message };
}
