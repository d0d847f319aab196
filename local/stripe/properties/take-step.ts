import type Stripe from "stripe";
import { call, callDelete, type Life, nowOf, pass } from "./life";
import { type CouponName, METERED_PRICES, type PriceName, type TaxRateName } from "./life-catalogue";
import type { LifeStep } from "./life-steps";

const DAY = 24 * 60 * 60;

type StepOf<Name extends LifeStep["do"]> = Extract<LifeStep, { do: Name }>;
export type WantedItem = StepOf<"subscribe">["items"][number];

/** Lets one thing happen. A step about something there is none of happens to nobody. */
export async function takeStep(life: Life, step: LifeStep): Promise<void> {
  switch (step.do) {
    case "add a customer":
      await addCustomer(life, step);
      return;
    case "subscribe":
      return subscribe(life, step);
    case "change items":
      return changeItems(life, step);
    case "change otherwise":
      return changeOtherwise(life, step);
    case "wait":
      return pass(life, step.seconds);
    case "wait for the renewal":
      return waitForRenewal(life, step);
    case "use":
      return use(life, step);
    case "cancel":
      return cancel(life, step);
    case "pause":
    case "resume":
      return pauseOrResume(life, step);
    case "treat an invoice":
      return treatInvoice(life, step);
    case "bill something":
    case "make an invoice":
      return billOnce(life, step);
    case "refund":
      return refund(life, step);
    case "credit an invoice":
      return creditInvoice(life, step);
    case "adjust the balance":
    case "take another card":
    case "charge once":
      return changeCustomer(life, step);
  }
}

/** A customer with a card, who may have a balance and a discount. */
export async function addCustomer(life: Life, step: StepOf<"add a customer">): Promise<string> {
  const customer = await call(life, "create a customer", (options) =>
    life.stripe.customers.create(
      {
        name: `Customer ${life.customers.length}`,
        ...(step.balance === 0 ? {} : { balance: step.balance }),
        ...(step.exempt === undefined ? {} : { tax_exempt: step.exempt }),
      },
      options,
    ),
  );
  if (!customer) throw new Error("A customer was refused.");
  life.customers.push(customer.id);
  await takeCard(life, customer.id, step.card);
  return customer.id;
}

async function takeCard(life: Life, customer: string, card: string): Promise<void> {
  if (card === "none") return;
  const method = await call(life, `attach ${card}`, (options) =>
    life.stripe.paymentMethods.attach(card, { customer }, options),
  );
  if (!method) return;
  await call(life, "make it the default", (options) =>
    life.stripe.customers.update(
      customer,
      { invoice_settings: { default_payment_method: method.id } },
      options,
    ),
  );
}

async function subscribe(life: Life, step: StepOf<"subscribe">): Promise<void> {
  const customer = nth(life.customers, step.customer);
  if (customer === undefined) return;
  const now = await nowOf(life);
  const subscription = await call(life, "subscribe", (options) =>
    life.stripe.subscriptions.create(
      {
        customer,
        items: step.items.map((item) => itemParams(life, item)),
        ...discountsOf(life, step.coupons),
        default_tax_rates: step.taxRates.map((name) => life.catalogue.taxRates[name]),
        ...(step.trialDays === undefined
          ? {}
          : {
              trial_period_days: step.trialDays,
              trial_settings: { end_behavior: { missing_payment_method: step.missingCard } },
            }),
        ...(step.anchorInDays === undefined || step.trialDays !== undefined
          ? {}
          : { billing_cycle_anchor: now + step.anchorInDays * DAY }),
        ...(step.behavior === undefined || step.sends ? {} : { payment_behavior: step.behavior }),
        ...(step.sends ? { collection_method: "send_invoice", days_until_due: 10 } : {}),
        ...(step.setupFee ? { add_invoice_items: [setupFee(life)] } : {}),
      },
      options,
    ),
  );
  if (subscription) life.subscriptions.push(subscription.id);
}

/** A fee that is charged once, at a price made for it. */
function setupFee(life: Life): Stripe.SubscriptionCreateParams.AddInvoiceItem {
  return {
    price_data: { currency: "usd", product: life.catalogue.product, unit_amount: 2500 },
    quantity: 1,
  };
}

export function itemParams(
  life: Life,
  { price, quantity, coupons, taxRates }: WantedItem,
): Stripe.SubscriptionCreateParams.Item {
  return {
    price: life.catalogue.prices[price],
    ...quantityOf(price, quantity),
    ...discountsOf(life, coupons),
    ...(taxRates.length === 0 ? {} : { tax_rates: taxRates.map((name) => life.catalogue.taxRates[name]) }),
  };
}

/** Usage has no quantity. */
function quantityOf(price: PriceName, quantity: number): { quantity?: number } {
  return METERED_PRICES.includes(price) ? {} : { quantity };
}

function discountsOf(life: Life, names: CouponName[]): { discounts?: { coupon: string }[] } {
  return names.length === 0
    ? {}
    : { discounts: names.map((name) => ({ coupon: life.catalogue.coupons[name] })) };
}

async function changeItems(life: Life, step: StepOf<"change items">): Promise<void> {
  const subscription = await nthSubscription(life, step.subscription);
  if (!subscription) return;
  await call(life, `change the items, ${step.proration}`, (options) =>
    life.stripe.subscriptions.update(
      subscription.id,
      {
        items: changedItems(life, subscription, step.items),
        proration_behavior: step.proration,
        ...(step.behavior === undefined ? {} : { payment_behavior: step.behavior }),
      },
      options,
    ),
  );
}

/** The items as wanted: those that stay keep their place, others are added and taken away. */
export function changedItems(
  life: Life,
  subscription: Stripe.Subscription,
  wanted: WantedItem[],
): Stripe.SubscriptionUpdateParams.Item[] {
  const items = subscription.items.data;
  const priceOf = (item: WantedItem) => life.catalogue.prices[item.price];
  const unmatched = items.filter(({ price }) => !wanted.some((item) => priceOf(item) === price.id));
  const changes = wanted.map((item): Stripe.SubscriptionUpdateParams.Item => {
    const known = items.find(({ price }) => price.id === priceOf(item));
    const replaced = known ?? unmatched.shift();
    return { ...itemParams(life, item), ...(replaced ? { id: replaced.id } : {}) };
  });
  return [...changes, ...unmatched.map(({ id }) => ({ id, deleted: true }))];
}

async function changeOtherwise(life: Life, step: StepOf<"change otherwise">): Promise<void> {
  const subscription = await nthSubscription(life, step.subscription);
  if (!subscription) return;
  const params = otherParams(life, step, await nowOf(life));
  await call(life, step.how, (options) => life.stripe.subscriptions.update(subscription.id, params, options));
}

function otherParams(
  life: Life,
  { how, coupons, taxRates, proration }: StepOf<"change otherwise">,
  now: number,
): Stripe.SubscriptionUpdateParams {
  switch (how) {
    case "cancel at the period's end":
      return { cancel_at_period_end: true };
    case "go on after all":
      return { cancel_at_period_end: false };
    case "end the trial":
      return { trial_end: "now", proration_behavior: proration };
    case "a trial once more":
      return { trial_end: now + 12 * DAY, proration_behavior: proration };
    case "move the anchor":
      return { billing_cycle_anchor: { type: "now" }, proration_behavior: proration };
    case "new discounts":
      return { discounts: coupons.length === 0 ? "" : (discountsOf(life, coupons).discounts ?? "") };
    case "new tax rates":
      return { default_tax_rates: taxRates.length === 0 ? "" : idsOf(life, taxRates) };
    case "pause collection":
      return { pause_collection: { behavior: "keep_as_draft" } };
    case "resume collection":
      return { pause_collection: "" };
    case "describe":
      return { description: "Ours", metadata: { team: "blue" } };
    case "cancel in three weeks":
      return { cancel_at: now + 21 * DAY, proration_behavior: proration };
  }
}

function idsOf(life: Life, names: TaxRateName[]): string[] {
  return names.map((name) => life.catalogue.taxRates[name]);
}

async function waitForRenewal(life: Life, step: StepOf<"wait for the renewal">): Promise<void> {
  const subscription = await nthSubscription(life, step.subscription);
  if (!subscription) return;
  const ends = subscription.items.data.map((item) => item.current_period_end);
  const seconds = Math.min(...ends) + step.plus - (await nowOf(life));
  if (seconds > 0) await pass(life, seconds);
}

async function use(life: Life, step: StepOf<"use">): Promise<void> {
  const customer = nth(life.customers, step.customer);
  if (customer === undefined) return;
  await call(life, `use ${step.value} ${step.meter}`, (options) =>
    life.stripe.billing.meterEvents.create(
      { event_name: step.meter, payload: { stripe_customer_id: customer, value: String(step.value) } },
      options,
    ),
  );
}

async function cancel(life: Life, step: StepOf<"cancel">): Promise<void> {
  const subscription = await nthSubscription(life, step.subscription);
  if (!subscription) return;
  const params = { prorate: step.prorate, invoice_now: step.invoiceNow };
  await callDelete(life, "cancel", () => life.stripe.subscriptions.cancel(subscription.id, params));
}

async function pauseOrResume(life: Life, step: StepOf<"pause"> | StepOf<"resume">): Promise<void> {
  const subscription = await nthSubscription(life, step.subscription);
  if (!subscription) return;
  await call(life, step.do, (options) =>
    step.do === "pause"
      ? life.stripe.subscriptions.pause(subscription.id, { invoicing_behavior: step.bills }, options)
      : life.stripe.subscriptions.resume(
          subscription.id,
          { billing_cycle_anchor: { type: step.anchor } },
          options,
        ),
  );
}

async function treatInvoice(life: Life, step: StepOf<"treat an invoice">): Promise<void> {
  const { invoices } = life.stripe;
  const invoice = nth((await invoices.list({ limit: 100 })).data, step.invoice);
  if (!invoice) return;
  const treated = await call(life, `${step.how} a ${invoice.status} invoice`, (options) => {
    switch (step.how) {
      case "pay":
        return invoices.pay(invoice.id, {}, options);
      case "pay out of band":
        return invoices.pay(invoice.id, { paid_out_of_band: true }, options);
      case "void":
        return invoices.voidInvoice(invoice.id, {}, options);
      case "write off":
        return invoices.markUncollectible(invoice.id, {}, options);
      case "finalize":
        return invoices.finalizeInvoice(invoice.id, {}, options);
      case "describe":
        return invoices.update(invoice.id, { metadata: { seen: "yes" } }, options);
    }
  });
  if (treated && step.how === "pay out of band") life.paidElsewhere.add(invoice.id);
}

async function billOnce(
  life: Life,
  step: StepOf<"bill something"> | StepOf<"make an invoice">,
): Promise<void> {
  const customer = nth(life.customers, step.customer);
  if (customer === undefined) return;
  const taxRates = idsOf(life, step.taxRates);
  await call(life, step.do, (options): Promise<unknown> => {
    if (step.do === "bill something") {
      const params = { customer, amount: step.amount, currency: "usd", tax_rates: taxRates };
      return life.stripe.invoiceItems.create(params, options);
    }
    return life.stripe.invoices.create(
      {
        customer,
        pending_invoice_items_behavior: "include",
        ...discountsOf(life, step.coupons),
        ...(taxRates.length === 0 ? {} : { default_tax_rates: taxRates }),
      },
      options,
    );
  });
}

async function refund(life: Life, step: StepOf<"refund">): Promise<void> {
  const charges = await life.stripe.charges.list({ limit: 100 });
  const charge = nth(
    charges.data.filter(({ paid }) => paid),
    step.charge,
  );
  if (!charge) return;
  const amount = Math.max(1, Math.floor((charge.amount * step.share) / 100));
  await call(life, `refund ${amount} of ${charge.amount}`, (options) =>
    life.stripe.refunds.create({ charge: charge.id, amount }, options),
  );
}

async function creditInvoice(life: Life, step: StepOf<"credit an invoice">): Promise<void> {
  const { data } = await life.stripe.invoices.list({ limit: 100 });
  const invoice = nth(
    data.filter(({ total, status }) => total > 0 && (status === "paid" || status === "open")),
    step.invoice,
  );
  if (!invoice) return;
  const amount = Math.max(1, Math.floor((invoice.total * step.share) / 100));
  const to = { balance: "credit_amount", card: "refund_amount", elsewhere: "out_of_band_amount" } as const;
  await call(life, `credit ${amount} of an ${invoice.status} invoice, ${step.to}`, (options) =>
    life.stripe.creditNotes.create(
      { invoice: invoice.id, amount, ...(invoice.status === "paid" ? { [to[step.to]]: amount } : {}) },
      options,
    ),
  );
}

async function changeCustomer(
  life: Life,
  step: StepOf<"adjust the balance"> | StepOf<"take another card"> | StepOf<"charge once">,
): Promise<void> {
  const customer = nth(life.customers, step.customer);
  if (customer === undefined) return;
  if (step.do === "take another card") return takeCard(life, customer, step.card);
  if (step.do === "adjust the balance") {
    const params = { amount: step.amount, currency: "usd" };
    await call(life, `adjust the balance by ${step.amount}`, (options) =>
      life.stripe.customers.createBalanceTransaction(customer, params, options),
    );
    return;
  }
  const { data } = await life.stripe.paymentMethods.list({ customer, limit: 1 });
  const [method] = data;
  if (!method) return;
  await call(life, `charge ${step.amount} once`, (options) =>
    life.stripe.paymentIntents.create(
      {
        amount: step.amount,
        currency: "usd",
        customer,
        payment_method: method.id,
        confirm: true,
        off_session: true,
      },
      options,
    ),
  );
}

async function nthSubscription(life: Life, index: number): Promise<Stripe.Subscription | null> {
  const id = nth(life.subscriptions, index);
  return id === undefined ? null : life.stripe.subscriptions.retrieve(id);
}

function nth<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}
