import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { query } from "@/lib/db/query";

/**
 * Refuses a use in the name of somebody who does not belong to the customer: whose cap it is held against and who stands
 * in the event must be right.
 * @param input.named who is named, and in which field of the request.
 * @throws AppError `invalid_request`, naming each field at fault.
 */
export async function assertMembers(
  { db }: Pick<Context, "db">,
  { customerId, named }: { customerId: string; named: { userId: string; field: string }[] },
): Promise<void> {
  if (named.length === 0) return;
  const userIds = [...new Set(named.map(({ userId }) => userId))];
  const rows = await query<{ user_id: string }>(
    db,
    "select user_id from members where customer_id = $1 and user_id = any ($2::uuid[])",
    [customerId, userIds],
    "members_named",
  );
  const members = new Set(rows.map((row) => row.user_id));
  const fields = named
    .filter(({ userId }) => !members.has(userId.toLowerCase()))
    .map(({ field }) => ({ field, message: "is not a member of this customer" }));
  if (fields.length === 0) return;
  throw new AppError("invalid_request", "The request names a user who does not belong to this customer.", {
    fields,
  });
}
