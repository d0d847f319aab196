import { z } from "zod";
import { type ApiScope, PLATFORM_SCOPES } from "./api-scope";

/** How long a key lives, as its form offers it. Null = until it is revoked. */
export const KEY_LIFETIME_DAYS: Record<string, number | null> = {
  never: null,
  "30": 30,
  "90": 90,
  "365": 365,
};

/** How long a rotated key goes on beside its replacement. */
export const KEY_OVERLAP_HOURS = ["0", "1", "24", "168"] as const;

/** The name of a scope's checkbox. */
export function scopeField(scope: ApiScope): string {
  return `scope:${scope}`;
}

/** What the form for a new key sends: each scope by a checkbox of its own. */
export const CreateKeyForm = z
  .looseObject({
    name: z.string().trim().min(1, "Give it a name").max(100, "At most 100 characters"),
    lifetime: z.enum(Object.keys(KEY_LIFETIME_DAYS)).default("never"),
  })
  .transform((form) => ({
    name: form.name,
    lifetimeDays: KEY_LIFETIME_DAYS[form.lifetime] ?? null,
    scopes: PLATFORM_SCOPES.filter((scope) => form[scopeField(scope)] === "on"),
  }))
  .refine(({ scopes }) => scopes.length > 0, {
    path: ["scopes"],
    message: "Choose at least one thing the key may do",
  });

export const RotateKeyForm = z.strictObject({
  api_key_id: z.uuid(),
  overlap_hours: z.enum(KEY_OVERLAP_HOURS).transform(Number),
});

export const RevokeKeyForm = z.strictObject({ api_key_id: z.uuid() });
