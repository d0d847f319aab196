import { randomText } from "@/local/stripe/ids";
import { readMeta, type Store, writeMeta } from "@/local/stripe/store/store";
import type { RestrictedKeys } from "./authenticate";

/** May read everything and change nothing; always there. */
export const READ_ONLY_KEY = "rk_test_local_read";

const META_KEY = "restricted_keys";

/** Every restricted key with its permissions. */
export function readRestrictedKeys(store: Store): RestrictedKeys {
  const made: Record<string, string[]> = JSON.parse(readMeta(store, META_KEY) ?? "{}");
  return new Map([[READ_ONLY_KEY, ["all_read"]], ...Object.entries(made)]);
}

/** Makes a key that may do what the permissions say, until a reset. */
export function createRestrictedKey(store: Store, permissions: readonly string[]): string {
  const key = `rk_test_${randomText(24)}`;
  const keys = [...readRestrictedKeys(store)].filter(([known]) => known !== READ_ONLY_KEY);
  writeMeta(store, META_KEY, JSON.stringify(Object.fromEntries([...keys, [key, permissions]])));
  return key;
}
