import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { chargedBankAccount } from "@/local/stripe/bank-debits/debit-details";
import type { Context } from "@/local/stripe/context";
import { followCapturedCharge } from "@/local/stripe/disputes/follow-captured-charge";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import type { ThreeDSecure } from "@/local/stripe/payment-methods/authentication";
import type { ChargeOutcome } from "@/local/stripe/payment-methods/declines";
import { idOf } from "@/local/stripe/references";
import { insertObject, readHidden } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";
import { AUTHORIZATION_SECONDS } from "./authorization-window";
import { chargedCard, outcomeOf } from "./charge-details";
import { receiptUrl } from "./receipt-url";
import { recordChargeTransaction } from "./settle-charge";

/** How long an asynchronous capture takes; Stripe's takes seconds, an hour at most. */
const ASYNC_CAPTURE_SECONDS = 60;

export type ChargeAttempt = {
  decline: ChargeOutcome;
  threeDSecure: ThreeDSecure | null;
  isCaptured: boolean;
  /** Whether the bank answers days later, as it does to a debit. */
  isPending?: boolean;
};

/**
 * Records one attempt to charge a card or a bank account, declined or not. What is captured at once reaches the balance at once, unless
 * the intent is captured asynchronously. https://docs.stripe.com/api/charges/object and
 * https://docs.stripe.com/payments/payment-intents/asynchronous-capture
 */
export function createCharge(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  attempt: ChargeAttempt,
): Stripe.Charge {
  const isPending = attempt.isPending ?? false;
  const id = newId(method.card ? "ch" : "py");
  const charge = buildCharge(context, id, intent, method, attempt);
  const isAsync = intent.capture_method === "automatic_async";
  const isSettledNow = charge.captured && !isAsync && !isPending;
  const settled: Stripe.Charge = isSettledNow
    ? { ...charge, balance_transaction: recordChargeTransaction(context, charge) }
    : charge;
  insertObject(context.store, "charge", settled, {});
  if (charge.captured && isAsync && !isPending) {
    planDue(context.store, { at: context.now + ASYNC_CAPTURE_SECONDS, kind: "settle_charge", objectId: id });
  }
  if (isPending) {
    emitEvent(context, "charge.pending", settled);
    return settled;
  }
  emitEvent(context, attempt.decline ? "charge.failed" : "charge.succeeded", settled);
  return settled.captured ? followCapturedCharge(context, settled) : settled;
}

function buildCharge(
  context: Context,
  id: string,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { decline, threeDSecure, isCaptured, isPending = false }: ChargeAttempt,
): Stripe.Charge {
  const { address, email, name, phone, tax_id } = method.billing_details;
  const { risk } = readHidden(context.store, "payment_method", method.id);
  const isPaid = !decline;
  const captureBefore = isPaid && !isCaptured ? context.now + AUTHORIZATION_SECONDS : null;
  return {
    id,
    object: "charge",
    amount: intent.amount,
    amount_captured: isPaid && isCaptured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address, email, name, phone, tax_id },
    calculated_statement_descriptor: statementDescriptor(intent),
    captured: isPaid && isCaptured,
    created: context.now,
    currency: intent.currency,
    customer: intent.customer === null ? null : idOf(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(decline, risk ?? "normal"),
    paid: isPaid && !isPending,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      ...(method.card ? { card: chargedCard(intent, method.card, { threeDSecure, captureBefore }) } : {}),
      ...(method.us_bank_account
        ? { us_bank_account: chargedBankAccount(context, method, method.us_bank_account) }
        : {}),
      type: method.type,
    },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: isPaid && isCaptured && !isPending ? receiptUrl(context, id) : null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: isPending ? "pending" : isPaid ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: null,
  };
}

/** At most 22 characters. https://docs.stripe.com/get-started/account/statement-descriptors */
function statementDescriptor({ statement_descriptor_suffix: suffix }: Stripe.PaymentIntent): string {
  const name = ACCOUNT_NAME.toUpperCase();
  const prefix = name.split(" ")[0] ?? name;
  return (suffix === null ? name : `${prefix}* ${suffix.toUpperCase()}`).slice(0, 22);
}
