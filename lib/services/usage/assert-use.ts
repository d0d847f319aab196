import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import type { Use } from "./usage-engine";

/**
 * Refuses what cannot be decided about, before it waits in line with others.
 * @param at where the use stands in the request, as the start of the fields named: `records.3.`
 * @throws AppError `invalid_request`, naming the field.
 */
export async function assertUse(ctx: Pick<Context, "db">, use: Use, at = ""): Promise<void> {
  if (!Number.isSafeInteger(use.quantity) || use.quantity < 1) {
    throw new AppError("invalid_request", "The quantity is not one that can be used.", {
      fields: [{ field: `${at}quantity`, message: "must be a whole number from 1 to 9007199254740991" }],
    });
  }
  const { meters } = await getCatalogue(ctx);
  if (meters.some(({ key }) => key === use.meter)) return;
  const keys = meters.filter(({ isListed }) => isListed).map(({ key }) => key);
  throw new AppError("invalid_request", "The request names a meter that there is not.", {
    fields: [
      {
        field: `${at}meter`,
        message: `there is no meter "${use.meter}"; there are: ${keys.join(", ")}`,
      },
    ],
  });
}
