import fc from "fast-check";
import {
  COUPONS,
  type CouponName,
  METERS,
  RECURRING_PRICES,
  TAX_RATES,
  type TaxRateName,
} from "./life-catalogue";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** Cards by what they do; `none` is a customer without one. */
const CARDS = ["pm_card_visa", "pm_card_mastercard", "pm_card_chargeCustomerFail", "none"] as const;

/** Who or what a step is about, counted from the first one made; beyond the last it begins again. */
const which = fc.nat({ max: 5 });

const coupons = fc.uniqueArray(fc.constantFrom(...COUPONS), { maxLength: 2 });
const taxRates = fc.uniqueArray(fc.constantFrom(...TAX_RATES), { maxLength: 2 });

const wantedItem = fc.record({
  price: fc.constantFrom(...RECURRING_PRICES),
  quantity: fc.integer({ min: 0, max: 12 }),
  coupons: fc.oneof(
    { weight: 4, arbitrary: fc.constant<CouponName[]>([]) },
    fc.uniqueArray(fc.constantFrom(...COUPONS), { maxLength: 1 }),
  ),
  taxRates: fc.oneof({ weight: 3, arbitrary: fc.constant<TaxRateName[]>([]) }, taxRates),
});

export const wantedItems = fc.uniqueArray(wantedItem, {
  minLength: 1,
  maxLength: 3,
  selector: ({ price }) => price,
});

const proration = fc.constantFrom("always_invoice", "create_prorations", "none");
const usually = fc.constant(undefined);

export const newCustomer = fc.record({
  do: fc.constant("add a customer"),
  card: fc.oneof({ weight: 3, arbitrary: fc.constant("pm_card_visa") }, fc.constantFrom(...CARDS)),
  balance: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -5000, max: 2000 })),
  coupon: fc.oneof({ weight: 4, arbitrary: usually }, fc.constantFrom(...COUPONS)),
  exempt: fc.oneof({ weight: 4, arbitrary: usually }, fc.constantFrom("exempt", "reverse")),
});

export const newSubscription = fc.record({
  do: fc.constant("subscribe"),
  customer: which,
  items: wantedItems,
  trialDays: fc.oneof({ weight: 2, arbitrary: usually }, fc.integer({ min: 1, max: 40 })),
  anchorInDays: fc.oneof({ weight: 4, arbitrary: usually }, fc.integer({ min: 1, max: 27 })),
  missingCard: fc.constantFrom("cancel", "create_invoice", "pause"),
  coupons,
  taxRates,
  behavior: fc.oneof(
    { weight: 3, arbitrary: usually },
    fc.constantFrom("allow_incomplete", "default_incomplete", "error_if_incomplete"),
  ),
  sends: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  setupFee: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
});

export const changeOfItems = fc.record({
  do: fc.constant("change items"),
  subscription: which,
  items: wantedItems,
  proration,
  behavior: fc.oneof(
    { weight: 3, arbitrary: usually },
    fc.constantFrom("allow_incomplete", "pending_if_incomplete", "default_incomplete"),
  ),
});

const usage = fc.record({
  do: fc.constant("use"),
  customer: which,
  meter: fc.constantFrom(...METERS),
  value: fc.integer({ min: 1, max: 20_000 }),
});

export const passing = fc.record({
  do: fc.constant("wait"),
  seconds: fc.oneof(
    fc.integer({ min: 1, max: 3 * HOUR }),
    fc.integer({ min: HOUR, max: 10 * DAY }),
    fc.integer({ min: 10 * DAY, max: 50 * DAY }),
  ),
});

const untilRenewal = fc.record({
  do: fc.constant("wait for the renewal"),
  subscription: which,
  plus: fc.constantFrom(-1, 0, 1, HOUR - 1, HOUR, DAY),
});

const otherChange = fc.record({
  do: fc.constant("change otherwise"),
  subscription: which,
  how: fc.constantFrom(
    "cancel at the period's end",
    "go on after all",
    "end the trial",
    "a trial once more",
    "move the anchor",
    "new discounts",
    "new tax rates",
    "pause collection",
    "resume collection",
    "describe",
    "cancel in three weeks",
  ),
  coupons,
  taxRates,
  proration,
});

const ending = fc.record({
  do: fc.constant("cancel"),
  subscription: which,
  prorate: fc.boolean(),
  invoiceNow: fc.boolean(),
});

const pause = fc.record({
  do: fc.constant("pause"),
  subscription: which,
  bills: fc.constantFrom("invoice", "pending_invoice_item"),
});

const resume = fc.record({
  do: fc.constant("resume"),
  subscription: which,
  anchor: fc.constantFrom("now", "unchanged"),
});

const invoiceStep = fc.record({
  do: fc.constant("treat an invoice"),
  invoice: fc.nat({ max: 8 }),
  how: fc.constantFrom("pay", "pay out of band", "void", "write off", "finalize", "describe"),
});

const itemStep = fc.record({
  do: fc.constant("bill something"),
  customer: which,
  amount: fc.integer({ min: -2000, max: 5000 }),
  taxRates,
});

const oneOff = fc.record({
  do: fc.constant("make an invoice"),
  customer: which,
  coupons,
  taxRates,
});

const refund = fc.record({
  do: fc.constant("refund"),
  charge: fc.nat({ max: 8 }),
  share: fc.integer({ min: 1, max: 100 }),
});

const creditNote = fc.record({
  do: fc.constant("credit an invoice"),
  invoice: fc.nat({ max: 8 }),
  share: fc.integer({ min: 1, max: 100 }),
  to: fc.constantFrom("balance", "card", "elsewhere"),
});

const balance = fc.record({
  do: fc.constant("adjust the balance"),
  customer: which,
  amount: fc.integer({ min: -3000, max: 3000 }),
});

const newCard = fc.record({
  do: fc.constant("take another card"),
  customer: which,
  card: fc.constantFrom("pm_card_visa", "pm_card_chargeCustomerFail"),
});

const payment = fc.record({
  do: fc.constant("charge once"),
  customer: which,
  amount: fc.integer({ min: 50, max: 20_000 }),
});

const laterStep = fc.oneof(
  { weight: 1, arbitrary: newCustomer },
  { weight: 3, arbitrary: newSubscription },
  { weight: 4, arbitrary: changeOfItems },
  { weight: 4, arbitrary: passing },
  { weight: 4, arbitrary: untilRenewal },
  { weight: 4, arbitrary: otherChange },
  { weight: 2, arbitrary: usage },
  { weight: 1, arbitrary: ending },
  { weight: 2, arbitrary: pause },
  { weight: 2, arbitrary: resume },
  { weight: 3, arbitrary: invoiceStep },
  { weight: 2, arbitrary: itemStep },
  { weight: 2, arbitrary: oneOff },
  { weight: 2, arbitrary: refund },
  { weight: 2, arbitrary: creditNote },
  { weight: 1, arbitrary: balance },
  { weight: 2, arbitrary: newCard },
  { weight: 1, arbitrary: payment },
);

/** One thing that happens. Plain data, so that a failing history can be read, shrunk and replayed. */
export type LifeStep = typeof laterStep extends fc.Arbitrary<infer Step> ? Step : never;

/** Month ends, leap days and ordinary days: where calendars go wrong. */
export const startMoments = fc.constantFrom(
  ...["2027-01-31T23:59:59Z", "2027-03-15T09:30:00Z", "2028-02-29T00:00:00Z", "2027-10-31T12:00:00Z"].map(
    (moment) => Date.parse(moment) / 1000,
  ),
);

/** A history: a customer with a subscription, and what happens to them. */
export function lives(maxLength: number) {
  const beginning = fc.tuple(newCustomer, newSubscription);
  const rest = fc.array(laterStep, { minLength: 3, maxLength });
  return fc.record({
    startAt: startMoments,
    steps: fc
      .tuple(beginning, rest)
      .map(([first, later]): LifeStep[] => [first[0], { ...first[1], customer: 0 }, ...later]),
  });
}

/** A history of one customer with one subscription, for what is to be told about its next invoice. */
export function livesOfOne(maxLength: number) {
  const customer = newCustomer.map((step) => ({ ...step, card: "pm_card_visa" as const }));
  const subscription = newSubscription.map((step) => ({ ...step, customer: 0, behavior: undefined }));
  const step = fc.oneof(
    { weight: 3, arbitrary: changeOfItems.map((each) => ({ ...each, behavior: undefined })) },
    { weight: 3, arbitrary: passing },
    { weight: 2, arbitrary: untilRenewal },
    { weight: 3, arbitrary: otherChange },
    { weight: 3, arbitrary: usage },
    { weight: 2, arbitrary: itemStep },
    { weight: 1, arbitrary: balance },
    { weight: 1, arbitrary: pause },
    { weight: 1, arbitrary: resume },
  );
  return fc.record({
    startAt: startMoments,
    steps: fc
      .tuple(customer, subscription, fc.array(step, { maxLength }))
      .map(([first, second, later]): LifeStep[] => [first, second, ...later]),
  });
}
