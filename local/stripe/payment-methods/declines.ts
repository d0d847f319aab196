/**
 * Why a bank, or Stripe before it, says no. Codes and messages: https://docs.stripe.com/declines/codes and
 * https://docs.stripe.com/error-codes
 */
export type Decline = {
  code: string;
  declineCode: string;
  message: string;
  /** What to do about it. https://docs.stripe.com/declines#retrying-issuer-declines */
  adviceCode?: "confirm_card_data" | "do_not_try_again" | "try_again_later";
  /** The network's own code, where Stripe's test mode is known to give one. */
  networkDeclineCode?: string;
  /** Who said no, where it was not the bank. */
  stoppedBy?: "radar" | "stripe";
};

/** Null is success. */
export type ChargeOutcome = Decline | null;

export const GENERIC_DECLINE: Decline = {
  code: "card_declined",
  declineCode: "generic_decline",
  message: "Your card was declined.",
  adviceCode: "try_again_later",
  networkDeclineCode: "01",
};

export const INSUFFICIENT_FUNDS: Decline = {
  code: "card_declined",
  declineCode: "insufficient_funds",
  message: "Your card has insufficient funds.",
  adviceCode: "try_again_later",
};

export const LOST_CARD: Decline = {
  code: "card_declined",
  declineCode: "lost_card",
  message: "Your card was declined.",
  adviceCode: "do_not_try_again",
};

export const STOLEN_CARD: Decline = {
  code: "card_declined",
  declineCode: "stolen_card",
  message: "Your card was declined.",
  adviceCode: "do_not_try_again",
};

export const VELOCITY_EXCEEDED: Decline = {
  code: "card_declined",
  declineCode: "card_velocity_exceeded",
  message:
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
  adviceCode: "try_again_later",
};

export const EXPIRED: Decline = {
  code: "expired_card",
  declineCode: "expired_card",
  message: "Your card has expired.",
  adviceCode: "do_not_try_again",
};

export const INCORRECT_CVC: Decline = {
  code: "incorrect_cvc",
  declineCode: "incorrect_cvc",
  message: "Your card's security code is incorrect.",
  adviceCode: "confirm_card_data",
};

export const PROCESSING_ERROR: Decline = {
  code: "processing_error",
  declineCode: "processing_error",
  message: "An error occurred while processing your card. Try again in a little bit.",
  adviceCode: "try_again_later",
};

/** Stopped by Radar's rule against payments of the highest risk. https://docs.stripe.com/declines#blocked-payments */
export const BLOCKED: Decline = {
  code: "card_declined",
  declineCode: "fraudulent",
  message: "Your card was declined.",
  adviceCode: "do_not_try_again",
  stoppedBy: "radar",
};

/** The cardholder was not there to authenticate. https://docs.stripe.com/declines/codes#authentication_required */
export const AUTHENTICATION_REQUIRED: Decline = {
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

/** A real card, or a number nobody listed, in test mode. */
export const NOT_A_TEST_CARD: Decline = {
  code: "card_declined",
  declineCode: "test_mode_live_card",
  message:
    "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of " +
    "valid test cards, visit: https://docs.stripe.com/testing.",
  stoppedBy: "stripe",
};
