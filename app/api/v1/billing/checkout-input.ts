import { z } from "zod";

/** What a customer may say about what they want to buy. Strict: an amount, price or trial of their own is refused. */
export const CheckoutInput = z.strictObject({
  plan: z.string().min(1).max(100),
  interval: z.enum(["month", "year"]).optional(),
  interval_count: z.int().min(1).max(12).optional(),
  /** The one the customer has paid in before, or else the catalogue's own, unless it says otherwise. */
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, "must be a three-letter currency code in lower case")
    .optional(),
});
