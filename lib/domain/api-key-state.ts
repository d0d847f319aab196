import type { ApiScope } from "./api-scope";

/**
 * Whether a key still opens anything. It ends at its expiry itself, not after it; a rotated key is one whose
 * replacement exists and which expires when the overlap is over.
 */
export type ApiKeyState = "active" | "rotating" | "expired" | "revoked";

/** A key as its owner sees it: never the key itself. */
export type ListedApiKey = {
  id: string;
  name: string;
  prefix: string;
  lastFour: string;
  scopes: ApiScope[];
  state: ApiKeyState;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
};

export type ApiKeyDates = { expiresAt: Date | null; revokedAt: Date | null; replacedById: string | null };

export function apiKeyState(key: ApiKeyDates, now: Date): ApiKeyState {
  if (key.revokedAt) return "revoked";
  if (key.expiresAt && key.expiresAt <= now) return "expired";
  return key.replacedById ? "rotating" : "active";
}

/** Whether the key authenticates its bearer now. */
export function isApiKeyLive(key: ApiKeyDates, now: Date): boolean {
  const state = apiKeyState(key, now);
  return state === "active" || state === "rotating";
}
