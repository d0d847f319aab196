import { accountOperations } from "./account/account";
import { balanceTransactionOperations } from "./balance-transactions/balance-transactions";
import { billingCreditOperations } from "./billing-credits/billing-credits";
import { portalConfigurationOperations } from "./billing-portal/configurations";
import { portalSessionOperations } from "./billing-portal/portal-sessions";
import { chargeOperations } from "./charges/charges";
import { checkoutSessionOperations } from "./checkout-sessions/checkout-sessions";
import { couponOperations } from "./coupons/coupons";
import { creditNoteOperations } from "./credit-notes/credit-notes";
import { customerBalanceOperations } from "./customer-balance/balance-transactions";
import { customerSessionOperations } from "./customer-sessions/customer-sessions";
import { customerOperations } from "./customers/customers";
import { disputeOperations } from "./disputes/disputes";
import { earlyFraudWarningOperations } from "./disputes/early-fraud-warnings";
import { eventOperations } from "./events/events";
import type { Operation } from "./http/operation";
import { invoiceItemOperations } from "./invoiceitems/invoice-items";
import { invoicePaymentOperations } from "./invoices/invoice-payments";
import { invoiceOperations } from "./invoices/invoices";
import { mandateOperations } from "./mandates/mandates";
import { meterOperations } from "./meters/meters";
import { paymentIntentOperations } from "./payment-intents/payment-intents";
import { paymentMethodOperations } from "./payment-methods/payment-methods";
import { priceOperations } from "./prices/prices";
import { productOperations } from "./products/products";
import { promotionCodeOperations } from "./promotion-codes/promotion-codes";
import { refundOperations } from "./refunds/refunds";
import { searchOperations } from "./search/search";
import { setupAttemptOperations } from "./setup-attempts/setup-attempts";
import { setupIntentOperations } from "./setup-intents/setup-intents";
import { subscriptionScheduleOperations } from "./subscription-schedules/subscription-schedules";
import { subscriptionItemOperations } from "./subscriptions/subscription-items";
import { subscriptionOperations } from "./subscriptions/subscriptions";
import { taxIdOperations } from "./tax/tax-ids";
import { taxRateOperations } from "./tax/tax-rates";
import { taxSettingsOperations } from "./tax/tax-settings";
import { testClockOperations } from "./test-clocks/test-clocks";
import { tokenOperations } from "./tokens/tokens";
import { webhookEndpointOperations } from "./webhook-endpoints/webhook-endpoints";

/** Every API call that is served. */
export const OPERATIONS: readonly Operation[] = [
  ...searchOperations,
  ...accountOperations,
  ...balanceTransactionOperations,
  ...billingCreditOperations,
  ...refundOperations,
  ...setupAttemptOperations,
  ...tokenOperations,
  ...chargeOperations,
  ...checkoutSessionOperations,
  ...couponOperations,
  ...creditNoteOperations,
  ...customerBalanceOperations,
  ...customerOperations,
  ...customerSessionOperations,
  ...disputeOperations,
  ...earlyFraudWarningOperations,
  ...eventOperations,
  ...invoiceItemOperations,
  ...invoiceOperations,
  ...invoicePaymentOperations,
  ...mandateOperations,
  ...meterOperations,
  ...portalConfigurationOperations,
  ...portalSessionOperations,
  ...paymentIntentOperations,
  ...paymentMethodOperations,
  ...priceOperations,
  ...productOperations,
  ...promotionCodeOperations,
  ...setupIntentOperations,
  ...subscriptionItemOperations,
  ...subscriptionOperations,
  ...subscriptionScheduleOperations,
  ...taxIdOperations,
  ...taxRateOperations,
  ...taxSettingsOperations,
  ...testClockOperations,
  ...webhookEndpointOperations,
];
