import { allowanceAmountWords, allowanceWords, overageWords, seatWords } from "./allowance-words";
import {
  type BillingInterval,
  offeredIntervals,
  priceForInterval,
  savingPercent,
  savingPerYearMinor,
} from "./billing-interval";
import type { CataloguePolicy, CatalogueWords, PlanPrice, PlanTerms, PriceBook } from "./catalogue";
import { pricesIn, soldCurrencies } from "./currency-choice";
import { formatCount } from "./format-count";
import { formatMoney, intervalMonths, intervalName, monthEquivalentMinor } from "./money";
import { packBuysWords, packExpiryWords, unitPriceWords } from "./pack-words";
import { planOffers } from "./plan-offers";
import { pricingQuestions, type Question } from "./pricing-questions";
import { taxSentence } from "./tax-words";

/**
 * Everything the pricing page says that the catalogue alone decides, in one currency and for every interval at once. It
 * is the same for everybody, so it is worked out once for each catalogue and not for each visitor.
 */
export type PricingTerms = {
  currency: string;
  currencies: string[];
  intervals: (BillingInterval & { /** The most any plan saves by it. */ percent: number })[];
  plans: PricedPlan[];
  comparison: ComparisonRow[];
  packs: PackTerms[];
  questions: Question[];
  tax: string;
  offers: object;
};

export type PricedPlan = {
  plan: PlanTerms;
  /** What it costs, by each interval; one entry without an interval where the plan has no price. */
  costs: PlanCost[];
  promises: string[];
};

export type PlanCost = {
  /** The interval it is shown for; null = for any. */
  interval: string | null;
  price: PlanPrice | null;
  amount: string;
  /** What stands after "per". */
  per: string | null;
  notes: string[];
  /** What is saved in a year; null = nothing. */
  saving: string | null;
};

/** A cell is words, or whether it is included. */
export type ComparisonRow = { name: string; cells: (string[] | boolean)[] };

export type PackTerms = {
  slug: string;
  name: string;
  credits: string;
  price: string;
  unitPrice: string;
  buys: string | null;
  expiry: string;
};

type Meter = {
  key: string;
  name: string;
  unit: string;
  kind: "counter" | "gauge";
  creditsPerUnit: number | null;
  isListed: boolean;
};

export type Sold = {
  name: string;
  currency: string;
  customerType: "personal" | "group";
  plans: PlanTerms[];
  meters: Meter[];
  features: { key: string; name: string }[];
  creditPacks: { slug: string; name: string; credits: number; currency: string; amountMinor: number }[];
  priceBook: PriceBook;
  policy: CataloguePolicy;
  words: CatalogueWords;
};

/** @param pageUrl the pricing page's whole address. */
export function pricingTerms(sold: Sold, currency: string, pageUrl: string): PricingTerms {
  const plans = sold.plans.map((plan) => ({ ...plan, prices: pricesIn(plan, currency) }));
  const shown: Shown = { ...sold, plans, meters: sold.meters.filter(({ isListed }) => isListed), currency };
  const intervals = offeredIntervals(plans);
  return {
    currency,
    currencies: soldCurrencies(sold),
    intervals: intervals.map((interval) => ({ ...interval, percent: mostSaved(plans, interval) })),
    plans: plans.map((plan) => ({
      plan,
      costs: plan.prices.length > 0 ? costsOf(plan, intervals) : [costWithoutPrice(plan, currency)],
      promises: promisesOf(plan, shown, sold.currency),
    })),
    comparison: comparisonOf(shown, sold.currency),
    packs: sold.creditPacks.map((pack) => ({
      slug: pack.slug,
      name: pack.name,
      credits: `${formatCount(pack.credits)} ${pack.credits === 1 ? sold.words.credit.one : sold.words.credit.many}`,
      price: formatMoney(pack.amountMinor, pack.currency),
      unitPrice: unitPriceWords(pack, sold.words.credit),
      buys: packBuysWords(pack.credits, sold.priceBook, shown.meters),
      expiry: packExpiryWords(sold.policy),
    })),
    questions: pricingQuestions(sold),
    tax: taxSentence(sold.policy),
    offers: planOffers(sold, pageUrl),
  };
}

type Shown = Sold & { currency: string };

function mostSaved(plans: PlanTerms[], { slug }: BillingInterval): number {
  const percents = plans.map((plan) => {
    const price = priceForInterval(plan, slug);
    return price ? savingPercent(plan, price) : 0;
  });
  return Math.max(0, ...percents);
}

/** One for each interval, so that whichever is chosen is on the page already. */
function costsOf(plan: PlanTerms, intervals: BillingInterval[]): PlanCost[] {
  return intervals.map(({ slug, name, months }) => {
    const price = priceForInterval(plan, slug);
    if (!price) throw new Error(`plan ${plan.slug} has no price`);
    const monthly = formatMoney(monthEquivalentMinor(price), price.currency);
    const saved = savingPerYearMinor(plan, price);
    return {
      interval: intervals.length > 1 ? slug : null,
      price,
      amount: formatMoney(price.amountMinor, price.currency),
      per: intervalName(price),
      notes: [
        ...(intervalMonths(price) === months ? [] : [`not sold by the ${name}`]),
        ...(intervalMonths(price) > 1 ? [`equals ${monthly} a month`] : []),
      ],
      saving: saved > 0 ? `saves ${formatMoney(saved, price.currency)} a year` : null,
    };
  });
}

function costWithoutPrice({ availability }: PlanTerms, currency: string): PlanCost {
  const isFree = availability === "public";
  return {
    interval: null,
    price: null,
    amount: isFree ? formatMoney(0, currency) : "On request",
    per: null,
    notes: isFree ? ["free for good"] : [],
    saving: null,
  };
}

/** @param own the catalogue's own currency, which units beyond an allowance are charged in */
function promisesOf(plan: PlanTerms, { meters, features, customerType }: Shown, own: string): string[] {
  const allowances = meters.flatMap((meter) => [
    ...plan.allowances.filter(isOf(meter)).map((entry) => allowanceWords(entry, meter)),
    ...plan.overage.filter(isOf(meter)).map((entry) => overageWords(entry, meter, own)),
  ]);
  const seats = customerType === "group" ? [seatWords(plan.seats)] : [];
  const included = features.flatMap(({ key, name }) => {
    const value = plan.features[key];
    if (value === undefined || value === false) return [];
    return [value === true ? name : `${name}: ${value}`];
  });
  return [...seats, ...allowances, ...included];
}

function comparisonOf({ plans, meters, features, customerType, currency }: Shown, own: string) {
  const rows: ComparisonRow[] = [{ name: "Price", cells: plans.map((plan) => priceWords(plan, currency)) }];
  if (plans.some(({ trial }) => trial))
    rows.push({
      name: "Free trial",
      cells: plans.map(({ trial }) => (trial ? [`${trial.days} days`] : false)),
    });
  if (customerType === "group")
    rows.push({
      name: "Members",
      cells: plans.map(({ seats }) => [seats === null ? "Any number" : formatCount(seats)]),
    });
  for (const meter of meters)
    rows.push({ name: meter.name, cells: plans.map((plan) => allowanceCell(plan, meter, own)) });
  for (const { key, name } of features)
    rows.push({
      name,
      cells: plans.map((plan) => {
        const value = plan.features[key] ?? false;
        return typeof value === "boolean" ? value : [String(value)];
      }),
    });
  return rows;
}

function allowanceCell(plan: PlanTerms, meter: Meter, own: string): string[] | false {
  const allowances = plan.allowances.filter(isOf(meter));
  if (allowances.length === 0) return false;
  return [
    ...allowances.map((entry) => allowanceAmountWords(entry, meter)),
    ...plan.overage.filter(isOf(meter)).map((entry) => overageWords(entry, meter, own)),
  ];
}

function priceWords(plan: PlanTerms, currency: string): string[] {
  if (plan.prices.length === 0) return [costWithoutPrice(plan, currency).amount];
  return plan.prices.map(
    (price) => `${formatMoney(price.amountMinor, price.currency)} per ${intervalName(price)}`,
  );
}

function isOf({ key }: Meter): (entry: { meter: string }) => boolean {
  return ({ meter }) => meter === key;
}
