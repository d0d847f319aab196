import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { API_ACCESS, type ApiAccess, isApiAccessSold, resolveApiAccess } from "@/lib/domain/api-access";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { getEntitlements } from "./get-entitlements";

/**
 * Whether the customer may call by API key at `ctx.now`. Where the catalogue does not sell that, the customer is not
 * even read.
 * @throws AppError `not_found`, `not_configured` before a catalogue was published.
 */
export async function findApiAccess(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string },
): Promise<ApiAccess> {
  const catalogue = await getCatalogue(ctx);
  if (!isApiAccessSold(catalogue)) return { isGranted: true };
  return resolveApiAccess(catalogue, await getEntitlements(ctx, { customerId }));
}

/** @throws AppError `forbidden`, naming the feature and the plan that has it. */
export function assertApiAccess(access: ApiAccess): void {
  if (access.isGranted) return;
  const { planName, suggestion } = access;
  const wayOn = suggestion ? ` Upgrade to ${suggestion.name} at /pricing.` : "";
  throw new AppError("forbidden", `The plan ${planName} does not include API access.${wayOn}`, {
    extra: { feature: API_ACCESS, suggestion },
  });
}
