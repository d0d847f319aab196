import { LOCAL_CREDENTIALS } from "@/local/credentials";

/** Test cards of the local Stripe, by what they do. https://docs.stripe.com/testing */
export const CARDS = { success: "4242424242424242", declined: "4000000000000002" } as const;

/** Fills in the hosted checkout page and presses its button. @returns the status and where it leads. */
export async function payOnPage(
  url: string,
  number: string = CARDS.success,
): Promise<{ status: number; location: string | null; body: string }> {
  const form = { email: "payer@person.test", name: "Test Person", number, expiry: "12/34", cvc: "123" };
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  return { status: response.status, location: response.headers.get("location"), body: await response.text() };
}

/** Makes the next calls of one kind at the local Stripe fail, be slow, or lose their answer. */
export async function setFault(
  stripeUrl: string,
  fault: { route?: string; status?: 500 | 429; count: number; delay_ms?: number; drop_after?: boolean },
): Promise<void> {
  const response = await fetch(`${stripeUrl}/lab/faults`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(fault),
  });
  if (!response.ok) throw new Error(`the lab refused the fault: ${await response.text()}`);
}
