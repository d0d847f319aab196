import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";
import type { ApiAccess } from "@/lib/domain/api-access";
import { isApiKeyLive } from "@/lib/domain/api-key-state";
import { type ApiScope, CUSTOMER_SCOPES, readScopes } from "@/lib/domain/api-scope";
import { demoAddress } from "@/lib/domain/demo-account";
import { announceApiKey } from "@/lib/services/edge/announce-api-key";
import { findApiAccess } from "@/lib/services/entitlements/find-api-access";

/** Who calls by API key: a program acting for a customer, or with `customerId` null for whomever it names. */
export type KeyCaller = {
  apiKeyId: string | null;
  customerId: string | null;
  scopes: readonly ApiScope[];
  /** Whether the customer's plan lets their key call; believed as long as the key. A platform key needs no plan. */
  apiAccess: ApiAccess;
};

type CachedKey = {
  caller: KeyCaller;
  dates: { expiresAt: Date | null; revokedAt: Date | null; replacedById: string | null };
  readAt: number;
};

type KeyCache = {
  keys: Map<string, CachedKey>;
  /** How often a key was forgotten; what was read before the last time may be stale. */
  forgotten: number;
};

/** How long a key is believed before the database is asked again: what revoking takes in another process at most. */
const BELIEVED_MS = 1_000;
const USE_RECORDED_EVERY_MS = 60_000;
/** Only keys that exist are kept, so guesses fill nothing. */
const MAX_CACHED = 10_000;

const DEMO_KEY = /^tk_local_([a-z]+)$/;

// One cache for each database: Next bundles this file more than once, and tests have many databases.
const CACHES = Symbol.for("tollkeeper.api-keys");
const state = globalThis as { [CACHES]?: WeakMap<object, KeyCache> };
state[CACHES] ??= new WeakMap();
const caches = state[CACHES];

/**
 * Whom an API key belongs to and what it may do, or null. A busy key is read once a second, not once a request.
 * `tk_local_<account>` names a demo account; such keys are never stored and mean nothing outside local mode.
 */
export async function findApiKeyCaller(
  ctx: Pick<Context, "db" | "env" | "now">,
  key: string,
): Promise<KeyCaller | null> {
  const isDemoKey = key.startsWith("tk_local_");
  if (isDemoKey && !ctx.env.local) return null;
  const cache = cacheOf(ctx.db);
  const cached = cache.keys.get(key);
  if (cached && Date.now() - cached.readAt < BELIEVED_MS) {
    return isApiKeyLive(cached.dates, ctx.now) ? cached.caller : null;
  }
  cache.keys.delete(key);
  const before = cache.forgotten;
  const found = isDemoKey ? await findDemoKey(ctx, key) : await findStoredKey(ctx, key);
  if (!found) return null;
  // Revoked while it was being read, perhaps: this request was let in before, the next one asks again.
  if (cache.forgotten !== before) return found.caller;
  announceApiKey(ctx, { hash: hashToken(key), ...found.caller, expiresAt: found.dates.expiresAt });
  if (cache.keys.size >= MAX_CACHED) cache.keys.clear();
  cache.keys.set(key, found);
  return found.caller;
}

/** Forgets what this process believes of a key, so that revoking it is felt at once. */
export function forgetApiKey(ctx: Pick<Context, "db">, apiKeyId: string): void {
  const cache = cacheOf(ctx.db);
  cache.forgotten += 1;
  for (const [key, { caller }] of cache.keys) if (caller.apiKeyId === apiKeyId) cache.keys.delete(key);
}

function cacheOf(db: object): KeyCache {
  const known = caches.get(db);
  if (known) return known;
  const made: KeyCache = { keys: new Map(), forgotten: 0 };
  caches.set(db, made);
  return made;
}

async function findStoredKey(ctx: Pick<Context, "db" | "now">, key: string): Promise<CachedKey | null> {
  const readAt = Date.now();
  const row = await ctx.db.apiKey.findUnique({ where: { keyHash: hashToken(key) } });
  if (!row || !isApiKeyLive(row, ctx.now)) return null;
  await recordUse(ctx, row);
  const { id: apiKeyId, customerId } = row;
  return {
    caller: {
      apiKeyId,
      customerId,
      scopes: readScopes(row.scopes),
      apiAccess: customerId ? await findApiAccess(ctx, { customerId }) : { isGranted: true },
    },
    dates: { expiresAt: row.expiresAt, revokedAt: row.revokedAt, replacedById: row.replacedById },
    readAt,
  };
}

/** At most once a minute: knowing to the minute when a key was last used is enough to dare to revoke it. */
async function recordUse(
  ctx: Pick<Context, "db" | "now">,
  row: { id: string; lastUsedAt: Date | null },
): Promise<void> {
  const stale = new Date(ctx.now.getTime() - USE_RECORDED_EVERY_MS);
  if (row.lastUsedAt && row.lastUsedAt > stale) return;
  await ctx.db.apiKey.updateMany({
    where: { id: row.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: stale } }] },
    data: { lastUsedAt: ctx.now },
  });
}

async function findDemoKey(ctx: Pick<Context, "db" | "now">, key: string): Promise<CachedKey | null> {
  const account = DEMO_KEY.exec(key)?.[1];
  if (!account) return null;
  const readAt = Date.now();
  const membership = await ctx.db.member.findFirst({
    where: { user: { email: demoAddress(account) }, customer: { type: "personal" } },
  });
  if (!membership) return null;
  const { customerId } = membership;
  return {
    caller: {
      apiKeyId: null,
      customerId,
      scopes: CUSTOMER_SCOPES,
      apiAccess: await findApiAccess(ctx, { customerId }),
    },
    dates: { expiresAt: null, revokedAt: null, replacedById: null },
    readAt,
  };
}
