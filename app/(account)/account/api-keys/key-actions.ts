"use server";

import { revalidatePath } from "next/cache";
import { AppError } from "@/lib/app-error";
import { CreateKeyForm, RevokeKeyForm, RotateKeyForm } from "@/lib/domain/api-key-form";
import { type ApiScope, CUSTOMER_SCOPES } from "@/lib/domain/api-scope";
import { customerAction } from "@/lib/http/actions";
import { createApiKey } from "@/lib/services/api-keys/create-api-key";
import { revokeApiKey } from "@/lib/services/api-keys/revoke-api-key";
import { rotateApiKey } from "@/lib/services/api-keys/rotate-api-key";

export const createKeyAction = customerAction(
  CreateKeyForm,
  () => "/account/api-keys",
  async (ctx, { viewer, input }) => {
    const allowed: readonly ApiScope[] = CUSTOMER_SCOPES;
    const scopes = input.scopes.filter((scope) => allowed.includes(scope));
    if (scopes.length === 0)
      throw new AppError("invalid_request", "Choose at least one thing the key may do.");
    const expiresAt = input.lifetimeDays && new Date(ctx.now.getTime() + input.lifetimeDays * 86_400_000);
    const { key } = await createApiKey(ctx, {
      customerId: viewer.customer.id,
      name: input.name,
      scopes,
      expiresAt: expiresAt || null,
      actor: { kind: "user", id: viewer.userId },
    });
    revalidatePath("/account/api-keys");
    return { ok: true, message: "The key was made.", fields: [], code: null, made: key };
  },
);

export const rotateKeyAction = customerAction(
  RotateKeyForm,
  () => "/account/api-keys",
  async (ctx, { viewer, input }) => {
    const { key } = await rotateApiKey(ctx, {
      customerId: viewer.customer.id,
      apiKeyId: input.api_key_id,
      overlapHours: input.overlap_hours,
      actor: { kind: "user", id: viewer.userId },
    });
    // The list is not read again here: the dialog that shows the new key belongs to the old one's row.
    return { ok: true, message: "The key was rotated.", fields: [], code: null, made: key };
  },
);

export const revokeKeyAction = customerAction(
  RevokeKeyForm,
  () => "/account/api-keys",
  async (ctx, { viewer, input }) => {
    await revokeApiKey(ctx, {
      customerId: viewer.customer.id,
      apiKeyId: input.api_key_id,
      actor: { kind: "user", id: viewer.userId },
    });
    revalidatePath("/account/api-keys");
    return undefined;
  },
);
