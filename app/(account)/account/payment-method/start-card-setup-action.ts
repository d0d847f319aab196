"use server";

import { z } from "zod";
import { customerAction } from "@/lib/http/actions";
import { startCardSetup } from "@/lib/services/payment-methods/start-card-setup";

/** Begins to save a card; what it makes is the secret with which the page finishes that at Stripe. */
export const startCardSetupAction = customerAction(
  z.strictObject({ attempt: z.uuid() }),
  () => "/account/payment-method",
  async (ctx, { viewer, input }) => {
    const { customer } = viewer;
    const { clientSecret } = await startCardSetup(ctx, { customerId: customer.id, attempt: input.attempt });
    return { ok: true, message: null, fields: [], code: null, made: clientSecret };
  },
);
