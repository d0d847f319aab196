"use server";

import { revalidatePath } from "next/cache";
import { CreateKeyForm, RevokeKeyForm, RotateKeyForm } from "@/lib/domain/api-key-form";
import { adminAction } from "@/lib/http/actions";
import { createApiKey } from "@/lib/services/api-keys/create-api-key";
import { revokeApiKey } from "@/lib/services/api-keys/revoke-api-key";
import { rotateApiKey } from "@/lib/services/api-keys/rotate-api-key";

export const createPlatformKeyAction = adminAction(CreateKeyForm, async (ctx, { viewer, input }) => {
  const expiresAt = input.lifetimeDays && new Date(ctx.now.getTime() + input.lifetimeDays * 86_400_000);
  const { key } = await createApiKey(ctx, {
    customerId: null,
    name: input.name,
    scopes: input.scopes,
    expiresAt: expiresAt || null,
    actor: { kind: "user", id: viewer.userId },
  });
  revalidatePath("/admin/api-keys");
  return { ok: true, message: "The key was made.", fields: [], code: null, made: key };
});

export const rotatePlatformKeyAction = adminAction(RotateKeyForm, async (ctx, { viewer, input }) => {
  const { key } = await rotateApiKey(ctx, {
    customerId: null,
    apiKeyId: input.api_key_id,
    overlapHours: input.overlap_hours,
    actor: { kind: "user", id: viewer.userId },
  });
  // The list is not read again here: the dialog that shows the new key belongs to the old one's row.
  return { ok: true, message: "The key was rotated.", fields: [], code: null, made: key };
});

export const revokePlatformKeyAction = adminAction(RevokeKeyForm, async (ctx, { viewer, input }) => {
  await revokeApiKey(ctx, {
    customerId: null,
    apiKeyId: input.api_key_id,
    actor: { kind: "user", id: viewer.userId },
  });
  revalidatePath("/admin/api-keys");
  return undefined;
});
