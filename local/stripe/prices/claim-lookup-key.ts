import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";

/** A lookup key belongs to one price; it moves only when the caller says so. */
export function claimLookupKey(context: Context, key: string, mayTransfer: boolean): void {
  for (const holder of listAllObjects(context.store, "price", [fieldEquals("$.lookup_key", key)])) {
    if (!mayTransfer) {
      const message = `A price (\`${holder.id}\`) already uses that lookup key.`;
      throw invalidRequest(message, { code: "resource_already_exists", param: "lookup_key" });
    }
    saveAndTell(context, "price", { ...holder, lookup_key: null }, holder, "price.updated");
  }
}
