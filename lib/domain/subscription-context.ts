import type { WindowUse } from "./limit-reached";

/** What every AI response says about the customer's plan: how much was used, whoever paid for it. (S0-53, S0-54) */
export type SubscriptionContext = {
  plan: string;
  usage_today: number;
  /** Null = unlimited. */
  limit_today: number | null;
  usage_this_month: number;
  limit_this_month: number | null;
};

export function subscriptionContext(planSlug: string, windows: WindowUse[]): SubscriptionContext {
  const day = windows.find((window) => window.window === "day");
  const month = windows.find((window) => window.window === "month");
  return {
    plan: planSlug,
    usage_today: day ? day.used + day.beyond : 0,
    limit_today: day?.limit ?? null,
    usage_this_month: month ? month.used + month.beyond : 0,
    limit_this_month: month?.limit ?? null,
  };
}
