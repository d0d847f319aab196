import { createHmac } from "node:crypto";

/**
 * The `Stripe-Signature` header: HMAC-SHA256 over "time.payload", keyed with the whole `whsec_…` text. The
 * time is always the wall clock's, because receivers compare it with theirs.
 * https://docs.stripe.com/webhooks/signature
 */
export function signPayload(payload: string, secret: string, wallTimeMs: number): string {
  const seconds = Math.floor(wallTimeMs / 1000);
  const signature = createHmac("sha256", secret).update(`${seconds}.${payload}`).digest("hex");
  return `t=${seconds},v1=${signature}`;
}
