"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import { customerAction } from "@/lib/http/actions";
import { newId } from "@/lib/new-id";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { recordUsage } from "@/lib/services/usage/record-usage";

/** Records one use that the playground offers; what it is and how much it counts is the catalogue's to say. */
export const recordUseAction = customerAction(
  z.strictObject({ label: z.string().max(200) }),
  () => "/playground",
  async (ctx, { viewer, input }) => {
    const { playground } = await getCatalogue(ctx);
    const offer = playground.actions.find(({ label }) => label === input.label);
    if (!offer) throw new AppError("not_found", "This is not offered any more. Reload the page.");
    const { meter, quantity } = offer;
    const { customer, userId } = viewer;
    await recordUsage(ctx, {
      customerId: customer.id,
      userId,
      meter,
      quantity,
      key: `playground:${newId()}`,
    });
    revalidatePath("/playground");
  },
);
