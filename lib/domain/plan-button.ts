import type { PlanTerms } from "./catalogue";

/**
 * What stands on a plan's button, for whoever is looking. It promises only what pressing it does: a trial where
 * one will be given, a purchase where one is possible, and otherwise the reason why not. (S1-101, S1-107)
 */
export type PlanButton =
  | { kind: "sign_in"; label: string }
  | { kind: "subscribe"; label: string }
  | { kind: "none"; label: string; reason: string };

/** Null = not signed in. */
export type PlanButtonViewer = {
  /** The plan in force now, whatever it comes from. */
  planSlug: string;
  hasLiveSubscription: boolean;
  hasHadTrial: boolean;
} | null;

export function planButton(
  plan: Pick<PlanTerms, "slug" | "availability" | "prices" | "trial">,
  viewer: PlanButtonViewer,
): PlanButton {
  if (viewer?.planSlug === plan.slug)
    return { kind: "none", label: "Current plan", reason: "This is what you have now." };
  if (plan.availability !== "public") {
    return {
      kind: "none",
      label: "By application",
      reason: "Not for sale here: it is given on application.",
    };
  }
  if (viewer?.hasLiveSubscription) {
    return {
      kind: "none",
      label: "Not available yet",
      reason: "You have a subscription. Changing plans here comes later.",
    };
  }
  if (plan.prices.length === 0) {
    if (!viewer) return { kind: "sign_in", label: "Start free" };
    return { kind: "none", label: "Included", reason: "Your plan includes all of it." };
  }
  const trialDays = viewer?.hasHadTrial ? null : plan.trial?.days;
  return { kind: "subscribe", label: trialDays ? `Start ${trialDays}-day free trial` : "Subscribe" };
}
