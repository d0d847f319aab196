import { randomBytes } from "node:crypto";
import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";
import { newId } from "@/lib/new-id";

/** Creates an API key. @returns the key itself, which is shown once and stored only as a hash. */
export async function createApiKey(
  ctx: Pick<Context, "db" | "now">,
  input: { customerId: string; name: string; expiresAt: Date | null },
): Promise<string> {
  const key = `tk_${randomBytes(24).toString("base64url")}`;
  await ctx.db.apiKey.create({
    data: { id: newId(), ...input, keyHash: hashToken(key), lastFour: key.slice(-4), createdAt: ctx.now },
  });
  return key;
}
