import type { CataloguePolicy, CatalogueWords, PlanTerms } from "./catalogue";
import { formatCount } from "./format-count";

export type Question = { question: string; answer: string };

/**
 * What people ask before they pay, answered from the catalogue's own policies: an answer can only say what is so.
 * What a catalogue does not have is not asked about. (S2-62)
 */
export function pricingQuestions({ plans, policy, words, creditPacks }: Sold): Question[] {
  const isSold = plans.some(({ prices }) => prices.length > 0);
  if (!isSold) return [];
  return [
    trialQuestion(plans, policy),
    limitQuestion(plans),
    renewalQuestion(policy),
    failureQuestion(policy),
    refundQuestion(policy, words, creditPacks.length > 0),
    taxQuestion(policy),
  ].filter((entry) => entry !== null);
}

type Sold = {
  plans: readonly PlanTerms[];
  policy: CataloguePolicy;
  words: CatalogueWords;
  creditPacks: readonly unknown[];
};

function trialQuestion(
  plans: readonly PlanTerms[],
  { trial: { oncePer } }: CataloguePolicy,
): Question | null {
  const offered = plans.flatMap(({ name, trial }) => (trial ? [{ name, ...trial }] : []));
  const [first] = offered;
  if (!first) return null;
  const who = oncePer === "person" ? "Each person can have one trial." : "Each customer can have one trial.";
  const card = first.requiresCard
    ? "A card is asked for at the start, and charged when the trial ends."
    : "No card is asked for.";
  return {
    question: "How does the free trial work?",
    answer: `${listOf(offered.map(({ name, days }) => `${name} is free for ${days} days`))}. ${card} ${who}`,
  };
}

function limitQuestion(plans: readonly PlanTerms[]): Question | null {
  if (plans.every(({ allowances }) => allowances.length === 0)) return null;
  return {
    question: "What happens when I reach a limit?",
    answer: "You are stopped, and told when it begins anew. Nothing is charged beyond your plan without you.",
  };
}

function renewalQuestion({ autoRenews }: CataloguePolicy): Question {
  return {
    question: "Does a plan renew?",
    answer: autoRenews
      ? "Yes, at the end of each period you paid for, at the price shown, until you cancel. What you paid for stays yours until the period ends."
      : "No. It ends with the period you paid for, unless you buy the next.",
  };
}

function failureQuestion({ graceDays, afterEnd }: CataloguePolicy): Question {
  const after = afterEnd === "limited" ? "you have the free plan" : "access ends";
  return {
    question: "What if a payment fails?",
    answer:
      graceDays > 0
        ? `You keep your plan for ${graceDays} days while it is tried again. After that ${after} until it is paid.`
        : `It is tried again; meanwhile ${after}.`,
  };
}

function refundQuestion(
  { refund: { subscriptionDays, creditPackDays } }: CataloguePolicy,
  { creditPack }: CatalogueWords,
  hasPacks: boolean,
): Question | null {
  const within = (days: number) => `within ${formatCount(days)} days of the payment`;
  const plan = subscriptionDays === null ? null : `A plan's price is given back ${within(subscriptionDays)}.`;
  const packs =
    creditPackDays === null
      ? `A ${creditPack.one} is not given back.`
      : `A ${creditPack.one} is given back ${within(creditPackDays)}.`;
  if (plan === null && creditPackDays === null) return null;
  return {
    question: "Can I have my money back?",
    answer: [plan, hasPacks ? packs : null].filter(Boolean).join(" "),
  };
}

function taxQuestion({ tax, taxBehavior }: CataloguePolicy): Question | null {
  if (tax === "none") return null;
  return {
    question: "Is tax included?",
    answer:
      taxBehavior === "inclusive"
        ? "Yes. The prices shown are what you pay."
        : "It is added where it is due, and shown before you pay.",
  };
}

function listOf(parts: string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}
