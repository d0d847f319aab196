import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import { advance, makePrice, makeTimedCustomer, periodEnd } from "@/local/stripe/live/world";

const HOUR = 60 * 60;

export const schedules: Scenario = {
  name: "a schedule made from a subscription downgrades it at the period's end and lets it go on",
  page: "https://docs.stripe.com/billing/subscriptions/subscription-schedules",
  async run(stripe, world) {
    const [basic, pro] = [await makePrice(world), await makePrice(world, { unit_amount: 3000 })];
    const { clock, customer } = await makeTimedCustomer(world);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
    });
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    check("schedule", schedule, {
      status: "active",
      end_behavior: "release",
      subscription: subscription.id,
      phases: [{ start_date: clock.frozen_time, end_date: periodEnd(subscription) }],
    });
    const [phase] = schedule.phases;
    const changed = await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        { items: [{ price: pro.id }], start_date: phase?.start_date, end_date: phase?.end_date },
        { items: [{ price: basic.id }], duration: { interval: "month" } },
      ],
    });
    check("phases", changed.phases, [
      { items: [{ price: pro.id }] },
      { items: [{ price: basic.id }], start_date: periodEnd(subscription) },
    ]);
    check("scheduled", await stripe.subscriptions.retrieve(subscription.id), {
      schedule: schedule.id,
      items: { data: [{ price: { id: pro.id } }] },
    });
    await advance(world, clock, periodEnd(subscription) + 2 * HOUR);
    const downgraded = await stripe.subscriptions.retrieve(subscription.id);
    check("downgraded", downgraded, { status: "active", items: { data: [{ price: { id: basic.id } }] } });
    await advance(world, clock, periodEnd(downgraded) + 2 * HOUR);
    check("let go", await stripe.subscriptions.retrieve(subscription.id), {
      status: "active",
      schedule: null,
      items: { data: [{ price: { id: basic.id } }] },
    });
    await checkRefusal(
      "changing it afterwards",
      stripe.subscriptionSchedules.update(schedule.id, { end_behavior: "cancel" }),
      { statusCode: 400, type: "invalid_request_error" },
    );
  },
};
