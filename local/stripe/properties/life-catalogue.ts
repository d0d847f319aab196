import Stripe from "stripe";

/** The prices a random life may subscribe to: every way of charging there is, by a speaking name. */
export const RECURRING_PRICES = [
  "basic",
  "pro",
  "weekly",
  "yearly",
  "fraction",
  "packages",
  "graduated",
  "volume",
  "inclusive",
  "calls",
  "tokens",
] as const;

export const METERED_PRICES: readonly PriceName[] = ["calls", "tokens"];

export const COUPONS = ["tenth", "three months", "half once", "forever", "two dollars", "pro only"] as const;

export const TAX_RATES = ["vat", "sales", "city"] as const;

export const METERS = ["api_calls", "tokens_used"] as const;

export type PriceName = (typeof RECURRING_PRICES)[number];
export type CouponName = (typeof COUPONS)[number];
export type TaxRateName = (typeof TAX_RATES)[number];
export type MeterName = (typeof METERS)[number];

/** Ids by name. */
export type LifeCatalogue = {
  product: string;
  prices: Record<PriceName, string>;
  coupons: Record<CouponName, string>;
  taxRates: Record<TaxRateName, string>;
};

type Recurring = Stripe.PriceCreateParams.Recurring;

const MONTHLY: Recurring = { interval: "month" };
const TIERS: Stripe.PriceCreateParams.Tier[] = [
  { up_to: 3, unit_amount: 700, flat_amount: 100 },
  { up_to: 8, unit_amount: 650 },
  { up_to: "inf", unit_amount_decimal: Stripe.Decimal.from("599.5"), flat_amount: 50 },
];

/** Makes the catalogue; products and prices do not keep the clock from being started. */
export async function createLifeCatalogue(stripe: Stripe): Promise<LifeCatalogue> {
  const { id: product } = await stripe.products.create({ name: "Lab" });
  const { id: proProduct } = await stripe.products.create({ name: "Lab Pro" });
  const [calls, tokens] = [
    await createMeter(stripe, "api_calls", "sum"),
    await createMeter(stripe, "tokens_used", "last"),
  ];
  const price = async (params: Partial<Stripe.PriceCreateParams>) => {
    const { id } = await stripe.prices.create({ currency: "usd", product, recurring: MONTHLY, ...params });
    return id;
  };
  const tiered = (tiers_mode: "graduated" | "volume", recurring: Recurring) =>
    price({ billing_scheme: "tiered", tiers_mode, tiers: TIERS, recurring });
  return {
    product,
    prices: {
      basic: await price({ unit_amount: 1000 }),
      pro: await price({ unit_amount: 3000, product: proProduct }),
      weekly: await price({ unit_amount: 333, recurring: { interval: "week" } }),
      yearly: await price({ unit_amount: 9999, recurring: { interval: "year" } }),
      fraction: await price({ unit_amount_decimal: Stripe.Decimal.from("33.3333") }),
      packages: await price({ unit_amount: 900, transform_quantity: { divide_by: 5, round: "up" } }),
      graduated: await tiered("graduated", MONTHLY),
      volume: await tiered("volume", MONTHLY),
      inclusive: await price({ unit_amount: 1499, tax_behavior: "inclusive" }),
      calls: await tiered("graduated", { ...MONTHLY, usage_type: "metered", meter: calls }),
      tokens: await price({
        unit_amount_decimal: Stripe.Decimal.from("0.0375"),
        recurring: { ...MONTHLY, usage_type: "metered", meter: tokens },
      }),
    },
    coupons: {
      tenth: await createCoupon(stripe, { percent_off: 10, duration: "forever" }),
      "three months": await createCoupon(stripe, {
        percent_off: 33.3,
        duration: "repeating",
        duration_in_months: 3,
      }),
      "half once": await createCoupon(stripe, { percent_off: 50, duration: "once" }),
      forever: await createCoupon(stripe, { amount_off: 777, currency: "usd", duration: "forever" }),
      "two dollars": await createCoupon(stripe, { amount_off: 200, currency: "usd", duration: "once" }),
      "pro only": await createCoupon(stripe, {
        percent_off: 20,
        duration: "forever",
        applies_to: { products: [proProduct] },
      }),
    },
    taxRates: {
      vat: await createTaxRate(stripe, "VAT", 19, true),
      sales: await createTaxRate(stripe, "Sales tax", 8.25, false),
      city: await createTaxRate(stripe, "City tax", 1.5, false),
    },
  };
}

async function createMeter(stripe: Stripe, event: MeterName, formula: "sum" | "last"): Promise<string> {
  const meter = await stripe.billing.meters.create({
    display_name: event,
    event_name: event,
    default_aggregation: { formula },
  });
  return meter.id;
}

async function createCoupon(stripe: Stripe, params: Stripe.CouponCreateParams): Promise<string> {
  return (await stripe.coupons.create(params)).id;
}

async function createTaxRate(
  stripe: Stripe,
  display_name: string,
  percentage: number,
  inclusive: boolean,
): Promise<string> {
  return (await stripe.taxRates.create({ display_name, percentage, inclusive })).id;
}
