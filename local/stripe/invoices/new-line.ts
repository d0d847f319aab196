import type Stripe from "stripe";
import type { TaxBehavior } from "./line-terms";

/** What a proration's credit takes back: lines of an invoice that stands already. */
export type CreditedItems = { invoice: string; invoiceLineItems: string[] };

/**
 * One line before it stands on an invoice: whoever bills makes these, the invoice adds discounts, taxes and an id.
 * https://docs.stripe.com/api/invoice-line-item/object
 */
export type NewLine = {
  /** In minor units, before any discount; inclusive taxes are in it, exclusive ones are not. */
  amount: number;
  currency: string;
  description: string;
  period: { start: number; end: number };
  quantity: number | null;
  price: Stripe.Price | null;
  unitAmountDecimal: Stripe.Decimal | null;
  /** Whether the invoice's discounts touch the line: never a proration. */
  discountable: boolean;
  /** Ids of discounts of the line's own, applied before the invoice's. */
  discounts: string[];
  /** Ids of tax rates of the line's own; none leaves it to the invoice's default rates. */
  taxRates: string[];
  /** Unless given, the price's. */
  taxBehavior?: TaxBehavior;
  metadata: Record<string, string>;
  source:
    | {
        type: "subscription_item";
        subscription: string;
        subscriptionItem: string;
        proration: boolean;
        creditedItems: CreditedItems | null;
        /** What it takes back where that waits for an invoice itself. */
        creditedInvoiceItem?: string;
      }
    | {
        type: "invoice_item";
        invoiceItem: string;
        subscription: string | null;
        subscriptionItem: string | null;
        proration: boolean;
        creditedItems: CreditedItems | null;
      };
};
