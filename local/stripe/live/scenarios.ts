import type { Scenario } from "./scenario";
import { catalogue, tieredPrices } from "./scenarios/catalogue";
import { customers } from "./scenarios/customers";
import { coupons, promotionCodes } from "./scenarios/discounts";
import { errors, idempotency, paging } from "./scenarios/errors";
import { creditNotes, invoices, invoiceTaxes } from "./scenarios/invoices";
import { manualCapture, paymentIntents, paymentMethods, refunds, setupIntents } from "./scenarios/payments";
import { schedules } from "./scenarios/schedules";
import { endings, failedRenewal, firstPayment, proration, renewal, trials } from "./scenarios/subscriptions";

/** What is checked against the local Stripe in every test run, and against Stripe's test mode on request. */
export const SCENARIOS: readonly Scenario[] = [
  catalogue,
  tieredPrices,
  customers,
  errors,
  idempotency,
  paging,
  paymentMethods,
  paymentIntents,
  manualCapture,
  refunds,
  setupIntents,
  firstPayment,
  renewal,
  failedRenewal,
  trials,
  proration,
  endings,
  schedules,
  coupons,
  promotionCodes,
  invoices,
  invoiceTaxes,
  creditNotes,
];

/** What only the local Stripe can be asked, and why. */
export const NOT_RUN: readonly { name: string; reason: string }[] = [
  {
    name: "moving the one global clock",
    reason: "Stripe's time cannot be moved; test clocks stand in for it.",
  },
  {
    name: "authenticating a payment in the customer's place",
    reason: "The lab does it; at Stripe a browser has to.",
  },
  {
    name: "paying on the hosted checkout page",
    reason: "The page is made for people and is not to be scripted.",
  },
  {
    name: "webhook deliveries, their retries and their signatures",
    reason: "Stripe does not deliver to this machine.",
  },
  { name: "faults, delays and lost answers", reason: "Stripe cannot be told to fail." },
  { name: "seeded ids", reason: "Stripe chooses its own." },
  {
    name: "metered usage on an invoice",
    reason: "Stripe adds usage up in its own time, so a figure cannot be waited for.",
  },
  {
    name: "what follows the last failed retry",
    reason: "The account's dashboard decides when and how often Stripe retries.",
  },
  { name: "automatic tax", reason: "It needs registrations on the account, which are not to be changed." },
];
