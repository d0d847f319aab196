/**
 * What an event asks for. The payload is a hint: it says which customer to read again, never what is true.
 * One reading of a customer serves all of their queued events, so a handler declares and does not act;
 * effects (grants, mails) hang on the objects read, keyed by their ids.
 */
export type StripeEventHandler = {
  /** Which of our statements about the customer may be out of date. Shown in the admin's event log. */
  concerns: ("checkout" | "subscription" | "invoice" | "access")[];
};
