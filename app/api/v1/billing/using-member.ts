import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { ApiCaller } from "@/lib/http/authenticate";
import { assertMembers } from "@/lib/services/usage/assert-members";

/**
 * Who uses what is asked for, use by use: the caller, or the member whom a platform key names.
 * @param asked the uses of the request, and where the field stands in it.
 * @throws AppError `invalid_request`, naming each field at fault.
 */
export async function usingMembers(
  ctx: Pick<Context, "db">,
  { customerId, userId, isPlatform }: ApiCaller,
  asked: { user_id?: string | undefined; field: string }[],
): Promise<(string | null)[]> {
  const named = asked.flatMap(({ user_id, field }) => (user_id ? [{ userId: user_id, field }] : []));
  if (named.length > 0 && !isPlatform) {
    throw new AppError("invalid_request", "Only a platform key says whom it acts for.", {
      fields: named.map(({ field }) => ({ field, message: "is for platform keys" })),
    });
  }
  await assertMembers(ctx, { customerId, named });
  return asked.map(({ user_id }) => user_id?.toLowerCase() ?? userId);
}

/** The same of a request that is one use. */
export async function usingMember(
  ctx: Pick<Context, "db">,
  caller: ApiCaller,
  { user_id }: { user_id?: string | undefined },
): Promise<string | null> {
  const [userId] = await usingMembers(ctx, caller, [{ user_id, field: "user_id" }]);
  return userId ?? null;
}
