export type TaxBehavior = "inclusive" | "exclusive" | "unspecified";

/** What computing an invoice anew needs of a line and the line itself does not show. */
export type LineTerms = {
  /** Ids of the line's own tax rates; none leaves it to the invoice's default rates. */
  taxRates: string[];
  /** Whether automatic tax is inside of the amount or on top of it. */
  taxBehavior: TaxBehavior;
};

/** Kept beside the stored invoice. */
export type InvoiceTerms = {
  /** The terms of its lines, by the lines' ids. */
  lines: Record<string, LineTerms>;
  /** Whether an endpoint answered its `invoice.created` badly, which holds the draft up. */
  isHeld?: boolean;
};

/** What an invoice item leaves to the line it becomes. */
export type InvoiceItemTerms = { taxBehavior: TaxBehavior };
