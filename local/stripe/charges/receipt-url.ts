import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";

/**
 * Where a charge's receipt is. Receipts are of payments that succeeded, so a hold has none until it is captured. Who has
 * the charge's id alone does not have the link. https://docs.stripe.com/receipts
 */
export function receiptUrl({ baseUrl }: Context, chargeId: string): string {
  return `${baseUrl}/receipts/${chargeId}/${newId("rcpt")}`;
}
