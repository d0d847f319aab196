import type { Context } from "@/local/stripe/context";
import { readMeta, writeMeta } from "@/local/stripe/store/store";

const KEY = "account_name";

/** The business name on invoices and the checkout page. */
export function accountName(context: Context): string {
  return readMeta(context.store, KEY) ?? "Tollkeeper (local)";
}

export function renameAccount(context: Context, name: string): void {
  writeMeta(context.store, KEY, name);
}
