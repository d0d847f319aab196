import { createHash } from "node:crypto";
import { listAllObjects } from "@/local/stripe/store/list-objects";
import {
  deleteObject,
  findObject,
  insertObject,
  readHidden,
  type Store,
  saveHidden,
} from "@/local/stripe/store/store";
import { buildEndpoint } from "./webhook-endpoints";

export type ConfiguredEndpoint = { url: string; secret: string };

/**
 * Makes the store's endpoints match those given at start, as if somebody kept them in the dashboard. Their
 * ids come from their URLs, so deliveries that were pending before a restart still find theirs.
 */
export function syncConfiguredEndpoints(store: Store, now: number, configured: ConfiguredEndpoint[]): void {
  const wanted = new Map(configured.map((endpoint) => [idOfUrl(endpoint.url), endpoint]));
  for (const { id } of listAllObjects(store, "webhook_endpoint", [])) {
    if (readHidden(store, "webhook_endpoint", id).isConfigured && !wanted.has(id)) deleteObject(store, id);
  }
  for (const [id, { url, secret }] of wanted) {
    const hidden = { secret, isConfigured: true };
    if (findObject(store, "webhook_endpoint", id)) {
      saveHidden(store, "webhook_endpoint", id, hidden);
      continue;
    }
    store.db.prepare("delete from objects where id = ?").run(id);
    const description = "Configured when the local Stripe was started";
    insertObject(
      store,
      "webhook_endpoint",
      buildEndpoint(now, { id, url, enabledEvents: ["*"], description }),
      hidden,
    );
  }
}

function idOfUrl(url: string): string {
  return `we_${createHash("sha256").update(url).digest("hex").slice(0, 24)}`;
}
