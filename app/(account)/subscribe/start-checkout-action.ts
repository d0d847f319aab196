"use server";

import { redirect } from "next/navigation";
import { customerAction } from "@/lib/http/actions";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { PlanChoice, subscribePath } from "./plan-choice";

/** Leads the viewer to Stripe's page for the plan they chose. */
export const startCheckoutAction = customerAction(
  PlanChoice,
  subscribePath,
  async (ctx, { viewer, input }) => {
    const { plan, interval, interval_count: intervalCount, currency } = input;
    const { url } = await startCheckout(ctx, {
      customerId: viewer.customer.id,
      choice: { plan, interval, intervalCount, currency },
    });
    redirect(url);
  },
);
