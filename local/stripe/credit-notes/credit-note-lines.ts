import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal, divideRounded, multiplyRounded } from "@/local/stripe/decimal";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { idOf } from "@/local/stripe/references";
import { lineTaxes } from "@/local/stripe/tax/line-taxes";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import type { creditNoteCreateParams } from "./credit-note-params";

type Params = ParamsOf<typeof creditNoteCreateParams>;
type LineParams = NonNullable<Params["lines"]>[number];

/**
 * The lines of a credit note: parts of the invoice's lines with their parts of discounts and taxes, lines of their own,
 * or, where only an amount is given, one line over it. https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
 */
export function creditNoteLines(
  context: Context,
  invoice: Stripe.Invoice,
  params: Params,
  issued: Stripe.CreditNote[],
): Stripe.CreditNoteLineItem[] {
  if (params.lines === undefined || params.lines.length === 0) {
    if (params.amount === undefined) throw parameterMissing("amount");
    return [lineOverAmount(invoice, params.amount)];
  }
  if (params.amount !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: amount, lines.", { param: "amount" });
  }
  return params.lines.map((line, index) =>
    line.type === "custom_line_item"
      ? customLine(context, invoice, line, `lines[${index}]`)
      : invoiceLine(invoice, line, `lines[${index}]`, issued),
  );
}

/** An amount has the taxes of the invoice in it, in the same proportion. */
function lineOverAmount(invoice: Stripe.Invoice, amount: number): Stripe.CreditNoteLineItem {
  const taxes = shareOfTaxes(invoice.total_taxes ?? [], amount, invoice.total);
  const exclusive = taxes
    .filter((tax) => tax.tax_behavior === "exclusive")
    .reduce((sum, tax) => sum + tax.amount, 0);
  return {
    ...emptyLine("custom_line_item"),
    amount: amount - exclusive,
    quantity: 1,
    taxes,
    unit_amount: amount - exclusive,
    unit_amount_decimal: decimal(amount - exclusive),
  };
}

function customLine(
  context: Context,
  invoice: Stripe.Invoice,
  line: LineParams,
  path: string,
): Stripe.CreditNoteLineItem {
  if (invoice.automatic_tax.enabled) {
    throw invalidRequest("Custom line items are not valid on an invoice with automatic tax.", {
      param: `${path}[type]`,
    });
  }
  refuse(line, ["amount", "invoice_line_item"], path);
  const unit = line.unit_amount_decimal ?? line.unit_amount;
  if (unit === undefined) throw parameterMissing(`${path}[unit_amount]`);
  if (line.quantity === undefined) throw parameterMissing(`${path}[quantity]`);
  if (!/^\d{1,11}(\.\d{1,12})?$/.test(String(unit))) {
    throw invalidRequest(`Invalid decimal: ${unit}`, { param: `${path}[unit_amount_decimal]` });
  }
  const amount = multiplyRounded(unit, line.quantity);
  const rates = readTaxRates(context, line.tax_rates ?? [], `${path}[tax_rates]`, true);
  const isWhole = Number.isInteger(Number(unit));
  return {
    ...emptyLine("custom_line_item"),
    amount,
    description: line.description ?? null,
    metadata: mergeMetadata({}, line.metadata),
    quantity: line.quantity,
    tax_rates: rates,
    taxes: lineTaxes({ amount, taxBehavior: "unspecified", rates }).map((tax) => ({
      amount: tax.amount,
      tax_behavior: tax.inclusive ? "inclusive" : "exclusive",
      tax_rate_details: { tax_rate: tax.rate },
      taxability_reason: "not_available",
      taxable_amount: tax.taxableAmount,
      type: "tax_rate_details",
    })),
    unit_amount: isWhole ? Number(unit) : null,
    unit_amount_decimal: decimal(String(unit)),
  };
}

function invoiceLine(
  invoice: Stripe.Invoice,
  line: LineParams,
  path: string,
  issued: Stripe.CreditNote[],
): Stripe.CreditNoteLineItem {
  refuse(line, ["description", "unit_amount", "unit_amount_decimal", "tax_rates"], path);
  if (line.invoice_line_item === undefined) throw parameterMissing(`${path}[invoice_line_item]`);
  const credited = invoice.lines.data.find(({ id }) => id === line.invoice_line_item);
  if (!credited) {
    throw resourceMissing("invoice line item", line.invoice_line_item, `${path}[invoice_line_item]`, 400);
  }
  const amount = creditedAmount(line, credited, path);
  checkLineAmount(credited, amount, issued, path);
  const discounts = (credited.discount_amounts ?? []).map((discount) => ({
    discount: idOf(discount.discount),
    amount: share(discount.amount, amount, credited.amount),
  }));
  return {
    ...emptyLine("invoice_line_item"),
    amount,
    description: credited.description,
    discount_amount: discounts.reduce((sum, discount) => sum + discount.amount, 0),
    discount_amounts: discounts,
    invoice_line_item: credited.id,
    metadata: mergeMetadata({}, line.metadata),
    pretax_credit_amounts: [
      ...discounts.map((discount) => ({ ...discount, type: "discount" })),
      ...shareOfCredits(credited.pretax_credit_amounts ?? [], amount, credited.amount),
    ],
    quantity: line.quantity ?? null,
    taxes: shareOfTaxes(credited.taxes ?? [], amount, credited.amount),
    unit_amount: line.quantity ? share(amount, 1, line.quantity) : null,
    unit_amount_decimal: line.quantity ? (credited.pricing?.unit_amount_decimal ?? null) : null,
  };
}

function creditedAmount(line: LineParams, credited: Stripe.InvoiceLineItem, path: string): number {
  if (line.amount !== undefined && line.quantity !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: amount, quantity.", {
      param: `${path}[amount]`,
    });
  }
  if (line.amount !== undefined) return line.amount;
  if (line.quantity === undefined) throw parameterMissing(`${path}[amount]`);
  const quantity = credited.quantity ?? 1;
  if (line.quantity > quantity) {
    throw invalidRequest(`The line has a quantity of ${quantity}, and no more than that can be credited.`, {
      param: `${path}[quantity]`,
    });
  }
  return share(credited.amount, line.quantity, quantity);
}

/** No line gives back more than it took, all credit notes taken together. */
function checkLineAmount(
  credited: Stripe.InvoiceLineItem,
  amount: number,
  issued: Stripe.CreditNote[],
  path: string,
): void {
  const before = issued
    .flatMap((note) => note.lines.data)
    .filter((line) => line.invoice_line_item === credited.id)
    .reduce((sum, line) => sum + line.amount, 0);
  if (before + amount <= credited.amount) return;
  throw invalidRequest("The amount credited for a line cannot exceed the line's own amount.", {
    param: `${path}[amount]`,
  });
}

function refuse(line: LineParams, names: (keyof LineParams)[], path: string): void {
  const given = names.find((name) => line[name] !== undefined);
  if (given === undefined) return;
  throw invalidRequest(`${given} is not valid for a line of the type ${line.type}.`, {
    param: `${path}[${given}]`,
  });
}

/** What was paid with credits is not given back. https://docs.stripe.com/api/credit_notes/object */
function shareOfCredits(
  credits: Stripe.InvoiceLineItem.PretaxCreditAmount[],
  part: number,
  whole: number,
): Stripe.CreditNoteLineItem.PretaxCreditAmount[] {
  return credits.flatMap(({ amount, credit_balance_transaction: used }) =>
    used
      ? [
          {
            amount: share(amount, part, whole),
            credit_balance_transaction: idOf(used),
            type: "credit_balance_transaction",
          },
        ]
      : [],
  );
}

function shareOfTaxes(
  taxes: Stripe.InvoiceLineItem.Tax[],
  part: number,
  whole: number,
): Stripe.CreditNoteLineItem.Tax[] {
  return taxes.map((tax) => ({
    ...tax,
    amount: share(tax.amount, part, whole),
    taxable_amount: tax.taxable_amount === null ? null : share(tax.taxable_amount, part, whole),
  }));
}

function share(amount: number, part: number, whole: number): number {
  if (whole === 0) return 0;
  return divideRounded(BigInt(amount) * BigInt(part), BigInt(whole));
}

function emptyLine(type: Stripe.CreditNoteLineItem.Type): Stripe.CreditNoteLineItem {
  return {
    id: newId("cnli"),
    object: "credit_note_line_item",
    amount: 0,
    description: null,
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: null,
    tax_rates: [],
    taxes: [],
    type,
    unit_amount: null,
    unit_amount_decimal: null,
  };
}
