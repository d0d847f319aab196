import { AppError } from "@/lib/app-error";
import type { UseWindow } from "@/lib/domain/use-terms";
import type { MeterTerms } from "@/lib/services/catalogue/get-catalogue";
import { type KnownCustomer, resolvedTerms } from "@/lib/services/entitlements/known-facts";

/** A meter that has a level, and the one window it is counted in, which never ends. */
export type LevelTerms = { meter: MeterTerms; window: UseWindow };

/**
 * What a level of a customer is held against at `now`.
 * @throws AppError `invalid_request` for a meter that is not there, that is used up instead of having a level, or that the
 *   customer's plan counts anew with each day or month.
 */
export function levelTerms(customer: KnownCustomer, key: string, now: Date): LevelTerms {
  const { meters } = customer.catalogue;
  const meter = meters.find((entry) => entry.key === key);
  if (meter?.kind !== "gauge") {
    const levels = meters.filter(({ kind, isListed }) => kind === "gauge" && isListed);
    const others = levels.length > 0 ? `; there are: ${levels.map((level) => level.key).join(", ")}` : "";
    const wrong = meter ? `"${key}" is used up and has no level` : `there is no meter "${key}"`;
    throw notALevel(`${wrong}${others}`);
  }
  const windows = resolvedTerms(customer, key, null, now)?.windows ?? [];
  const [window, other] = windows;
  if (!window || other || window.window !== "lifetime") {
    throw notALevel(
      `"${key}" is counted by ${windows.map((each) => each.window).join(" and ")} in this plan`,
    );
  }
  return { meter, window };
}

function notALevel(message: string): AppError {
  return new AppError("invalid_request", "The request names a meter that has no level.", {
    fields: [{ field: "meter", message }],
  });
}
