import type Stripe from "stripe";

/** What a person fills in who pays with the good test card. */
export const GOOD_CARD = {
  email: "ada@example.test",
  name: "Ada Lovelace",
  number: "4242 4242 4242 4242",
  expiry: "12 / 34",
  cvc: "123",
};

/** Posts the hosted page's form as a browser without JavaScript does; redirects are not followed. */
export function postCheckout(
  session: Stripe.Checkout.Session,
  fields: Partial<typeof GOOD_CARD> = {},
): Promise<Response> {
  if (session.url === null) throw new Error(`${session.id} has no page.`);
  const body = new URLSearchParams({ ...GOOD_CARD, ...fields });
  return fetch(session.url, { method: "POST", redirect: "manual", body });
}
