import type { ChargeOutcome } from "./declines";
import { TEST_CARDS } from "./test-card-table";

export type CardBrand = "visa" | "mastercard" | "amex" | "discover" | "diners" | "jcb" | "unionpay";

/**
 * When a card asks its holder to authenticate (3D Secure). https://docs.stripe.com/testing#regulatory-cards
 *
 * - `never`: it is not enrolled; even a payment that asks for 3D Secure is not challenged.
 * - `if_requested`: only where the payment asks for it.
 * - `if_requested_fails`: the same, but the attempt always fails.
 * - `lookup_fails`: always, and the request for it fails, so that nothing can be paid.
 * - `unless_set_up`: when the holder is there, and when not unless the card was set up with authentication.
 * - `unless_off_session`: when the holder is there; it counts as set up.
 * - `always`: whoever is there and however it was saved.
 * - `frictionless`: the bank never challenges but vouches for the holder.
 * - `not_supported`: the card knows no 3D Secure.
 */
export type CardAuthentication =
  | "never"
  | "if_requested"
  | "if_requested_fails"
  | "lookup_fails"
  | "unless_set_up"
  | "unless_off_session"
  | "always"
  | "frictionless"
  | "not_supported";

/** What is special about a card. A card may be declined when it is saved (setup), when it is charged, or not at all. */
export type CardBehavior = {
  onSetup: ChargeOutcome;
  onCharge: ChargeOutcome;
  authentication: CardAuthentication;
  /** What the bank says of what was given beside the number; what was not given is not checked. */
  checks: { cvc: CheckResult; line1: CheckResult; postalCode: CheckResult };
  risk: "normal" | "elevated" | "highest";
  /** How a refund goes: at once, at once after waiting, or well at first and then not. */
  refund: "succeeds" | "succeeds_later" | "fails_later";
  /** Whether what is charged is available at once. */
  bypassesPending: boolean;
  /** What follows once the money was taken; absent in methods stored before it was known. */
  aftermath?: CardAftermath;
};

/** https://docs.stripe.com/testing#disputes */
export type CardAftermath =
  | "disputed_as_fraudulent"
  | "disputed_as_not_received"
  | "inquired"
  | "fraud_warning";

export type CheckResult = "pass" | "fail" | "unavailable";

export type TestCard = {
  number: string;
  brand: CardBrand;
  funding: "credit" | "debit" | "prepaid";
  country: string;
  /** The names after `pm_card_` and `tok_` that stand for this card. */
  aliases: string[];
  behavior: CardBehavior;
};

/** Finds the card behind a number, or null when it is not a test card. */
export function findTestCard(number: string): TestCard | null {
  return byNumber.get(number) ?? null;
}

/** Finds the card behind `pm_card_visa`, `tok_chargeDeclined` and their like. */
export function findTestCardByAlias(id: string): TestCard | null {
  const alias = id.replace(/^pm_card_/, "").replace(/^tok_/, "");
  return alias === id ? null : (byAlias.get(alias) ?? null);
}

/**
 * What stands on the cards behind shared test ids. They are good for ten years, where Stripe's have one, so that a leap
 * over some renewals meets no expired card that nobody asked for.
 */
export function sharedCard(
  card: TestCard,
  now: number,
): { number: string; exp_month: number; exp_year: number; cvc: string } {
  const date = new Date(now * 1000);
  return {
    number: card.number,
    exp_month: date.getUTCMonth() + 1,
    exp_year: date.getUTCFullYear() + 10,
    cvc: card.brand === "amex" ? "1234" : "123",
  };
}

const byNumber = new Map(TEST_CARDS.map((card) => [card.number, card]));
const byAlias = new Map(TEST_CARDS.flatMap((card) => card.aliases.map((alias) => [alias, card])));
