import type { PlanPrice, PlanTerms } from "./catalogue";
import { intervalMonths, intervalName } from "./money";

/**
 * What stands on a plan's button, for whoever is looking. It promises only what pressing it does: a trial where
 * one will be given, a purchase where one is possible, and otherwise the reason why not. Under it stands one short line.
 * (S1-101, S1-107)
 */
export type PlanButton =
  /** Leads elsewhere: to sign-in, or to where an unpaid invoice is paid. */
  | { kind: "link"; label: string; note: string; href: string }
  | { kind: "subscribe"; label: string; note: string }
  | { kind: "none"; label: string; note: string };

/** Null = not signed in. */
export type PlanButtonViewer = {
  /** The plan in force now, whatever it comes from. */
  planSlug: string;
  hasHadTrial: boolean;
  /** The live subscription; null when there is none. */
  subscription: {
    /** Stripe's. */
    status: string;
    /** Ends with the period that was paid. */
    isEnding: boolean;
    price: Pick<PlanPrice, "id" | "interval" | "intervalCount"> | null;
  } | null;
} | null;

/** @param price the plan's, by the interval that is shown; null = it is not sold. */
export function planButton(
  plan: Pick<PlanTerms, "slug" | "availability" | "trial">,
  price: Pick<PlanPrice, "id" | "interval" | "intervalCount"> | null,
  viewer: PlanButtonViewer,
): PlanButton {
  const isTheirs = viewer?.planSlug === plan.slug || (price && viewer?.subscription?.price?.id === price.id);
  if (viewer && isTheirs) return buttonOfOwnPlan(price, viewer);
  if (plan.availability !== "public")
    return { kind: "none", label: "By application", note: "It is given, not sold." };
  if (viewer?.subscription)
    return { kind: "none", label: "Not available yet", note: "Changing plans comes later." };
  if (!price) {
    if (viewer) return { kind: "none", label: "Included", note: "Your plan has all of it." };
    return { kind: "link", label: "Start free", note: "No card needed.", href: "/sign-in" };
  }
  const trial = viewer?.hasHadTrial ? null : plan.trial;
  if (!trial) return { kind: "subscribe", label: "Subscribe", note: "You see the sum before you pay." };
  const note = trial.requiresCard ? "A card is needed." : "No card needed.";
  return { kind: "subscribe", label: `Start ${trial.days}-day free trial`, note };
}

function buttonOfOwnPlan(
  price: Pick<PlanPrice, "interval" | "intervalCount"> | null,
  { subscription }: NonNullable<PlanButtonViewer>,
): PlanButton {
  const paid = subscription?.price;
  if (subscription?.status === "past_due") {
    // The free plan is in force because they lost theirs: there is nothing to pay for it.
    if (!price) return { kind: "none", label: "Current plan", note: "Until your payment goes through." };
    const note = "The last payment failed.";
    return { kind: "link", label: "Fix your payment", note, href: "/account/payment-method" };
  }
  // The same plan by another interval is another price, which they do not pay.
  if (paid && price && intervalMonths(paid) !== intervalMonths(price))
    return { kind: "none", label: "Your plan", note: `You pay by the ${intervalName(paid)}.` };
  const note = subscription?.isEnding
    ? "It ends with the period you paid for."
    : subscription?.status === "trialing"
      ? "You are trying it free."
      : "This is what you have now.";
  return { kind: "none", label: "Current plan", note };
}
