import type Stripe from "stripe";
import { openClock } from "@/local/stripe/clock";
import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";
import { insertObject, queryRows, saveObject } from "@/local/stripe/store/store";
import type { ObjectType, StoredObjects } from "@/local/stripe/store/stored-objects";
import { queueByRules } from "@/local/stripe/webhook-endpoints/delivery-rules";
import { API_VERSION } from "./api-version";
import { expiryOfNewEvent } from "./event-retention";
import { previousAttributes } from "./previous-attributes";

/**
 * Records an event with the object as it is now, and queues it for every endpoint that wants it. Part of
 * the surrounding transaction: an event exists exactly if the change it tells of does.
 */
export function emitEvent(
  context: Context,
  type: Stripe.Event.Type,
  object: object,
  previous?: Record<string, unknown>,
): void {
  const endpoints = endpointsWanting(context, type);
  const event = {
    id: newId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: context.now,
    data: previous === undefined ? { object } : { object, previous_attributes: previous },
    livemode: false,
    pending_webhooks: endpoints.length,
    request: { id: context.request.id, idempotency_key: context.request.idempotencyKey },
    type,
  };
  // Stripe.Event is a union over every type's own payload; the caller passes the object the type names.
  insertObject(context.store, "event", event as Stripe.Event, {}, expiryOfNewEvent(context.store));
  if (endpoints.length === 0) return;
  const dueAtMs = firstAttemptAtMs(context);
  for (const endpoint of endpoints) queueByRules(context.store, event, endpoint, dueAtMs);
}

/** Saves a changed object and tells of it; says nothing when nothing changed. */
export function saveAndTell<T extends ObjectType>(
  context: Context,
  objectType: T,
  object: StoredObjects[T],
  before: StoredObjects[T],
  eventType: Stripe.Event.Type,
): void {
  const previous = previousAttributes(before, object);
  if (previous === null) return;
  saveObject(context.store, objectType, object);
  emitEvent(context, eventType, object, previous);
}

/** At the event's own moment, or, by a test clock's time, when that clock is moved. */
function firstAttemptAtMs({ store, now }: Context): number {
  return store.testClock === null ? now * 1000 : openClock(store).nowMs();
}

/** The endpoints an event of the type is delivered to. */
export function endpointsWanting(context: Context, type: string): string[] {
  const sql = `select id from objects where type = 'webhook_endpoint' and deleted = 0
    and json_extract(body, '$.status') = 'enabled'
    and exists (select 1 from json_each(body, '$.enabled_events') where value in ('*', ?)) order by seq`;
  return queryRows<{ id: string }>(context.store, sql, type).map((row) => row.id);
}
