import { z } from "zod";

/** Stripe's limits, so that what we take Stripe takes too. https://docs.stripe.com/api/metadata */
const MAX_METADATA_KEYS = 50;

/** What Postgres takes: no NUL, no half of a surrogate pair. */
const Text = z
  .string()
  .refine((text) => !text.includes("\0") && text.isWellFormed(), "must be well-formed text");

export const CustomerMetadata = z
  .record(
    Text.min(1)
      .max(40)
      .regex(/^[^[\]]*$/, "a name must not hold square brackets"),
    Text.max(500),
  )
  .refine((metadata) => Object.keys(metadata).length <= MAX_METADATA_KEYS, {
    message: `must not have more than ${MAX_METADATA_KEYS} names`,
  });

/** The adopter's own id of a customer; it stands in addresses and headers. */
export const ExternalId = Text.min(1)
  .max(200, "must have 200 characters at most")
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, "must not hold control characters");

/** What an adopter tells us of a customer. What is left out of `metadata` is forgotten: the call says how it is. */
export const CustomerInput = z.strictObject({
  name: Text.trim().min(1).max(200),
  email: z.email().max(254),
  type: z.enum(["personal", "group"]).optional(),
  metadata: CustomerMetadata.default({}),
});
