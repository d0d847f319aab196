import * as declines from "./declines";
import type { CardBehavior, CardBrand, TestCard } from "./test-cards";

/** The card that has nothing special about it. */
export const ORDINARY: CardBehavior = {
  onSetup: null,
  onCharge: null,
  authentication: "never",
  checks: { cvc: "pass", line1: "pass", postalCode: "pass" },
  risk: "normal",
  refund: "succeeds",
  bypassesPending: false,
};

/** Visa cards that are good, by the country that issued them. https://docs.stripe.com/testing#international-cards */
const VISA_BY_COUNTRY =
  "ar 4000000320000021, br 4000000760000002, ca 4000001240000000, cl 4000001520000001, co 4000001700000003, " +
  "cr 4000001880000005, ec 4000002180000000, mx 4000004840008001, pa 4000005910000000, py 4000006000000066, " +
  "pe 4000006040000068, uy 4000008580000003, ae 4000007840000001, at 4000000400000008, be 4000000560000004, " +
  "bg 4000001000000000, by 4000001120000005, hr 4000001910000009, cy 4000001960000008, cz 4000002030000002, " +
  "dk 4000002080000001, ee 4000002330000009, fi 4000002460000001, fr 4000002500000003, de 4000002760000016, " +
  "gi 4000002920000005, gr 4000003000000030, hu 4000003480000005, ie 4000003720000005, it 4000003800000008, " +
  "lv 4000004280000005, li 4000004380000004, lt 4000004400000000, lu 4000004420000006, mt 4000004700000007, " +
  "nl 4000005280000002, no 4000005780000007, pl 4000006160000005, pt 4000006200000007, ro 4000006420000001, " +
  "sa 4000006820000007, si 4000007050000006, sk 4000007030000001, es 4000007240000007, se 4000007520000008, " +
  "ch 4000007560000009, gb 4000008260000000, au 4000000360000006, cn 4000001560000002, hk 4000003440000004, " +
  "in 4000003560000008, jp 4000003920000003, my 4000004580000002, nz 4000005540000008, sg 4000007020000003, " +
  "tw 4000001580000008";

/** Stripe's published test cards: https://docs.stripe.com/testing */
export const TEST_CARDS: readonly TestCard[] = [
  // https://docs.stripe.com/testing#cards
  brand("4242424242424242", "visa", "credit", "visa", "us"),
  brand("4012888888881881", "visa", "credit"),
  brand("4000056655665556", "visa", "debit", "visa_debit"),
  brand("5555555555554444", "mastercard", "credit", "mastercard"),
  brand("2223003122003222", "mastercard", "credit"),
  brand("5200828282828210", "mastercard", "debit", "mastercard_debit"),
  brand("5105105105105100", "mastercard", "prepaid", "mastercard_prepaid"),
  special("378282246310005", { authentication: "not_supported" }, ["amex", "amex_threeDSecureNotSupported"], {
    brand: "amex",
  }),
  brand("371449635398431", "amex", "credit"),
  brand("6011111111111117", "discover", "credit", "discover"),
  brand("6011000990139424", "discover", "credit"),
  brand("6011981111111113", "discover", "debit", "discover_debit"),
  brand("3056930009020004", "diners", "credit", "diners"),
  brand("36227206271667", "diners", "credit"),
  brand("3566002020360505", "jcb", "credit", "jcb"),
  brand("6200000000000005", "unionpay", "credit", "unionpay"),
  ...VISA_BY_COUNTRY.split(", ").map(issuedIn),
  special("4000058260000005", {}, ["gb_debit"], { country: "GB", funding: "debit" }),
  special("5555558265554449", {}, ["gb_mastercard"], { country: "GB", brand: "mastercard" }),
  special("5200007840000022", {}, ["ae_mastercard"], { country: "AE", brand: "mastercard" }),
  special("3530111333300000", {}, ["jp_jcb"], { country: "JP", brand: "jcb" }),
  special("4000057640000008", {}, ["th_debit"], { country: "TH", funding: "debit" }),
  special("4000007640000003", {}, ["th_credit"], { country: "TH" }),

  // https://docs.stripe.com/testing#declined-payments
  declined("4000000000000002", declines.GENERIC_DECLINE, "visa_chargeDeclined", "chargeDeclined"),
  declined(
    "4000000000009995",
    declines.INSUFFICIENT_FUNDS,
    "visa_chargeDeclinedInsufficientFunds",
    "chargeDeclinedInsufficientFunds",
  ),
  declined("4000000000009987", declines.LOST_CARD, "visa_chargeDeclinedLostCard", "chargeDeclinedLostCard"),
  declined(
    "4000000000009979",
    declines.STOLEN_CARD,
    "visa_chargeDeclinedStolenCard",
    "chargeDeclinedStolenCard",
  ),
  declined("4000000000000069", declines.EXPIRED, "chargeDeclinedExpiredCard"),
  special(
    "4000000000000127",
    {
      onSetup: declines.INCORRECT_CVC,
      onCharge: declines.INCORRECT_CVC,
      checks: { ...ORDINARY.checks, cvc: "fail" },
    },
    ["chargeDeclinedIncorrectCvc"],
  ),
  declined("4000000000000119", declines.PROCESSING_ERROR, "chargeDeclinedProcessingError"),
  declined(
    "4000000000006975",
    declines.VELOCITY_EXCEEDED,
    "visa_chargeDeclinedVelocityLimitExceeded",
    "chargeDeclinedVelocityLimitExceeded",
  ),
  // Saving this one succeeds; every later charge is declined.
  special("4000000000000341", { onCharge: declines.GENERIC_DECLINE }, [
    "chargeCustomerFail",
    "visa_chargeCustomerFail",
  ]),

  // https://docs.stripe.com/testing#fraud-prevention
  special("4100000000000019", { ...declinedWith(declines.BLOCKED), risk: "highest" }, [
    "radarBlock",
    "chargeDeclinedFraudulent",
  ]),
  special("4000000000004954", { ...declinedWith(declines.BLOCKED), risk: "highest" }, ["riskLevelHighest"]),
  special("4000000000009235", { risk: "elevated" }, ["riskLevelElevated"]),
  special("4000000000000101", { checks: { ...ORDINARY.checks, cvc: "fail" } }, ["cvcCheckFail"]),
  special("4000000000000036", { checks: { ...ORDINARY.checks, postalCode: "fail" } }, ["avsZipFail"]),
  special("4000000000000028", { checks: { ...ORDINARY.checks, line1: "fail" } }, ["avsLine1Fail"]),
  special("4000000000000010", { checks: { ...ORDINARY.checks, line1: "fail", postalCode: "fail" } }, [
    "avsFail",
  ]),
  special(
    "4000000000000044",
    { checks: { ...ORDINARY.checks, line1: "unavailable", postalCode: "unavailable" } },
    ["avsUnchecked"],
  ),

  // https://docs.stripe.com/testing#disputes: these are paid like any other, and then this follows.
  special("4000000000000259", { aftermath: "disputed_as_fraudulent" }, ["createDispute"]),
  special("4000000000002685", { aftermath: "disputed_as_not_received" }, ["createDisputeProductNotReceived"]),
  special("4000000000001976", { aftermath: "inquired" }, ["createDisputeInquiry"]),
  special("4000000000005423", { aftermath: "fraud_warning" }, ["createIssuerFraudRecord"]),
  special("4000000404000079", { aftermath: "disputed_as_fraudulent" }, ["createMultipleDisputes"]),

  // https://docs.stripe.com/testing#refunds and #available-balance
  special("4000000000007726", { refund: "succeeds_later" }, ["pendingRefund"]),
  special("4000000000005126", { refund: "fails_later" }, ["refundFail"]),
  special("4000000000000077", { bypassesPending: true }, ["bypassPending"]),
  special("4000003720000278", { bypassesPending: true }, ["bypassPendingInternational"], { country: "IE" }),

  // https://docs.stripe.com/testing#regulatory-cards
  special("4000002500003155", { authentication: "unless_set_up" }, ["authenticationRequiredOnSetup"], {
    country: "FR",
  }),
  special("4000002760003184", { authentication: "always" }, ["authenticationRequired"], { country: "DE" }),
  special(
    "4000003800000446",
    { authentication: "unless_off_session" },
    ["authenticationRequiredSetupForOffSession"],
    { country: "IT" },
  ),
  special(
    "4000008260003178",
    { authentication: "unless_set_up", onCharge: declines.INSUFFICIENT_FUNDS },
    ["authenticationRequiredChargeDeclinedInsufficientFunds"],
    { country: "GB" },
  ),
  special(
    "4000000000003220",
    { authentication: "always" },
    ["threeDSecure2Required", "threeDSecureRequired"],
    { country: "IE" },
  ),
  special("4000008400000027", { authentication: "always" }, []),
  special("4000000000003063", { authentication: "always" }, []),
  special("4000008400001629", { authentication: "always", ...declinedWith(declines.GENERIC_DECLINE) }, [
    "threeDSecureRequiredChargeDeclined",
  ]),
  special("4000008400001280", { authentication: "lookup_fails" }, ["threeDSecureRequiredProcessingError"]),
  special("4000000000003055", { authentication: "if_requested" }, ["threeDSecureOptional"]),
  special("4000000000003097", { authentication: "if_requested_fails" }, [
    "threeDSecureOptionalProcessingError",
  ]),
  special("4000000032200000", { authentication: "frictionless" }, []),
  // These ask for a certain kind of challenge in mobile apps and do nothing special elsewhere.
  special("4000582600000094", {}, []),
  special("4000582600000045", {}, []),
  special("4000582600000102", {}, []),
  special("4000582600000110", {}, []),
];

function brand(
  number: string,
  cardBrand: CardBrand,
  funding: TestCard["funding"],
  ...aliases: string[]
): TestCard {
  return special(number, {}, aliases, { brand: cardBrand, funding });
}

function issuedIn(entry: string): TestCard {
  const [country = "", number = ""] = entry.split(" ");
  return special(number, {}, [country], { country: country.toUpperCase() });
}

function declined(number: string, decline: declines.Decline, ...aliases: string[]): TestCard {
  return special(number, declinedWith(decline), aliases);
}

function declinedWith(decline: declines.Decline): Pick<CardBehavior, "onSetup" | "onCharge"> {
  return { onSetup: decline, onCharge: decline };
}

function special(
  number: string,
  behavior: Partial<CardBehavior>,
  aliases: string[],
  card: Partial<Pick<TestCard, "brand" | "funding" | "country">> = {},
): TestCard {
  const { brand: cardBrand = "visa", funding = "credit", country = "US" } = card;
  return {
    number,
    brand: cardBrand,
    funding,
    country,
    aliases,
    behavior: { ...ORDINARY, ...behavior },
  };
}
