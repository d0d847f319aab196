import type { ObjectType } from "@/local/stripe/store/stored-objects";

/** Tokens are matched exactly, strings in part as well, numbers by size, flags by `true` and `false`. */
export type FieldKind = "token" | "string" | "numeric" | "flag";

/** Where a field stands in the object, and how it is matched. */
export type SearchField = { path: string; kind: FieldKind };

export type SearchableResource = {
  /** As the URL and the refusals have it. */
  name: string;
  type: ObjectType;
  /** Beside `metadata`, which every one of them has. */
  fields: Record<string, SearchField>;
};

const CARD_FIELDS = ["brand", "exp_month", "exp_year", "fingerprint", "last4"];

/** What can be searched by what. https://docs.stripe.com/search#query-fields-for-charges and what follows there */
export const SEARCHABLE: readonly SearchableResource[] = [
  {
    name: "charges",
    type: "charge",
    fields: {
      ...fieldsOf("numeric", "amount", "created"),
      ...fieldsOf("token", "billing_details.address.postal_code", "currency", "customer", "status"),
      ...fieldsOf("token", ...CARD_FIELDS.map((name) => `payment_method_details.card.${name}`)),
      ...fieldsOf("flag", "disputed", "refunded"),
    },
  },
  {
    name: "customers",
    type: "customer",
    fields: { ...fieldsOf("numeric", "created"), ...fieldsOf("string", "email", "name", "phone") },
  },
  {
    name: "invoices",
    type: "invoice",
    fields: {
      ...fieldsOf("numeric", "created", "total"),
      ...fieldsOf("token", "currency", "customer"),
      ...fieldsOf("string", "number", "receipt_number", "status"),
      last_finalization_error_code: { path: "$.last_finalization_error.code", kind: "token" },
      last_finalization_error_type: { path: "$.last_finalization_error.type", kind: "token" },
      subscription: { path: "$.parent.subscription_details.subscription", kind: "string" },
    },
  },
  {
    name: "payment_intents",
    type: "payment_intent",
    fields: {
      ...fieldsOf("numeric", "amount", "created"),
      ...fieldsOf("token", "currency", "customer", "status"),
    },
  },
  {
    name: "prices",
    type: "price",
    fields: {
      ...fieldsOf("flag", "active"),
      ...fieldsOf("token", "currency", "type"),
      ...fieldsOf("string", "lookup_key", "product"),
    },
  },
  {
    name: "products",
    type: "product",
    fields: {
      ...fieldsOf("flag", "active", "shippable"),
      ...fieldsOf("string", "description", "name", "url"),
    },
  },
  {
    name: "subscriptions",
    type: "subscription",
    fields: { ...fieldsOf("numeric", "created", "canceled_at"), ...fieldsOf("token", "status") },
  },
];

function fieldsOf(kind: FieldKind, ...names: string[]): Record<string, SearchField> {
  return Object.fromEntries(names.map((name) => [name, { path: `$.${name}`, kind }]));
}
