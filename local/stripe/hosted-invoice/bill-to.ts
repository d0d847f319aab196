import type Stripe from "stripe";

/** Whom an invoice is for, as it was when it was issued; nulls are left out. */
export function billTo(invoice: Stripe.Invoice): [label: string, value: string | null][] {
  const { customer_name, customer_email, customer_address: address, customer_tax_ids: taxIds } = invoice;
  const lines = address && [
    address.line1,
    address.line2,
    [address.postal_code, address.city].filter(Boolean).join(" "),
    address.state,
    address.country,
  ];
  return [
    ["Bill to", customer_name],
    ["Address", lines?.filter(Boolean).join(", ") || null],
    ["E-mail", customer_email],
    ...(taxIds ?? []).map((id): [string, string | null] => ["Tax id", id.value]),
  ];
}
