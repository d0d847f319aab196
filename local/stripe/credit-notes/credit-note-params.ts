import { paginationParams } from "@/local/stripe/http/list-page";
import {
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  required,
  text,
  timeRange,
  timestamp,
} from "@/local/stripe/http/params";

const amount = integer({ min: 0 });

export const creditNoteCreateParams = {
  amount: integer({ min: 1 }),
  credit_amount: amount,
  effective_at: timestamp(),
  // Decides whether a mail is sent, which the local Stripe never does.
  email_type: oneOf("credit_note", "none"),
  invoice: required(text()),
  lines: listOf(
    hash({
      amount,
      description: text(),
      invoice_line_item: text(),
      metadata: metadata(),
      quantity: integer({ min: 0 }),
      tax_rates: listOf(text(), 20),
      type: required(oneOf("custom_line_item", "invoice_line_item")),
      unit_amount: amount,
      unit_amount_decimal: text(),
    }),
  ),
  memo: text(),
  metadata: metadata(),
  out_of_band_amount: amount,
  reason: oneOf("duplicate", "fraudulent", "order_change", "product_unsatisfactory"),
  refund_amount: amount,
  refunds: listOf(
    hash({ amount_refunded: integer({ min: 1 }), refund: required(text()), type: oneOf("refund") }),
  ),
};

export const creditNoteUpdateParams = { memo: text(), metadata: metadata() };

export const creditNoteListParams = {
  ...paginationParams,
  created: timeRange(),
  customer: text(),
  invoice: text(),
};
