import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import type { EdgeStore } from "@/lib/redis/edge-store";
import { type EdgePublisher, openEdgePublisher } from "./edge-publisher";

// Next bundles this file more than once; a process has one publisher for each database.
const PUBLISHERS = Symbol.for("tollkeeper.edge.publishers");
const state = globalThis as { [PUBLISHERS]?: WeakMap<Db, EdgePublisher> };
state[PUBLISHERS] ??= new WeakMap();
const publishers = state[PUBLISHERS];

/** From now on what is announced of this database's customers is told there. Without it, announcing does nothing. */
export function publishToEdge(db: Db, store: EdgeStore): void {
  publishers.set(db, openEdgePublisher(db, store));
}

/**
 * Says that something of a customer has changed, and has been committed: usage, credits, or what they may do. What the
 * edge knows follows within a few hundred milliseconds. Waits for nothing and never throws.
 */
export function announceUsage(ctx: Pick<Context, "db" | "now">, customerId: string): void {
  publishers.get(ctx.db)?.announce(customerId, ctx.now);
}

/** What tells the edge of this database's customers and keys, if anything does. */
export function findEdgePublisher({ db }: Pick<Context, "db">): EdgePublisher | null {
  return publishers.get(db) ?? null;
}
