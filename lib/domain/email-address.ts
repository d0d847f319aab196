import { z } from "zod";

/**
 * One plain mail address, as everybody writes it, in lower case. Lists, quoted parts, comments and whatever is not
 * ASCII are refused and not repaired: what is checked here must be the very mailbox that the mail reaches, and mail
 * software reads the exotic forms in more than one way. (V11, GHSA-7rqj-j65f-68wh)
 */
export const EmailAddress = z
  .string()
  .trim()
  .max(254, "This is too long for an e-mail address.")
  .pipe(z.email("This is not an e-mail address."))
  .transform((address) => address.toLowerCase());
