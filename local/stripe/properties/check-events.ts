import { isDeepStrictEqual } from "node:util";
import type Stripe from "stripe";
import { expect } from "vitest";
import { plain } from "./life";

type Json = Record<string, unknown>;

/** A counter that moves with the customer's invoices. */
const COUNTERS = ["next_invoice_sequence"];

/** A draft follows its customer's balance. https://docs.stripe.com/api/invoices/object#invoice_object-starting_balance */
const FOLLOWING_IN_DRAFTS = ["starting_balance", "amount_due", "amount_remaining"];

/**
 * What an event says was before is what the events before it showed. Several events may tell of one change, all with the
 * object after it. https://docs.stripe.com/api/events/object#event_object-data-previous_attributes
 */
export function checkPreviousAttributes(events: Stripe.Event[]): void {
  const shown = new Map<string, { type: string; object: Json }[]>();
  for (const { id, type, data } of events) {
    // An upcoming invoice is none yet.
    if (type === "invoice.upcoming") continue;
    const object = withoutUntold(plain(data.object) as Json);
    const history = shown.get(String(object.id)) ?? [];
    const before = history.findLast((each) => !isDeepStrictEqual(each.object, object)) ?? history[0];
    if (data.previous_attributes) {
      const previous = plain(data.previous_attributes) as Json;
      for (const [key, old] of Object.entries(previous)) {
        expect(isSame(old, object[key]), `${id} (${type}): ${key} did not change`).toBe(false);
      }
      const told = `${id} (${type}), undone, is not what ${before?.type} showed`;
      if (before) expect(withoutNulls(undo(object, previous)), told).toEqual(withoutNulls(before.object));
    }
    shown.set(String(object.id), [...history, { type, object }]);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(withoutNulls(a), withoutNulls(b));
}

/** The object without what changes by itself, of which no event tells. */
function withoutUntold(object: Json): Json {
  const isDraft = object.object === "invoice" && object.status === "draft";
  const untold = [...COUNTERS, ...(isDraft ? FOLLOWING_IN_DRAFTS : [])];
  return Object.fromEntries(Object.entries(object).filter(([key]) => !untold.includes(key)));
}

/** The object with its old values put back: hashes key by key, everything else whole. */
function undo(object: Json, previous: Json): Json {
  const undone: Json = { ...object };
  for (const [key, old] of Object.entries(previous)) {
    const now = object[key];
    undone[key] = isHash(old) && isHash(now) ? undo(now, old) : old;
  }
  return undone;
}

/** Null also stands for what was not there at all. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutNulls(field)]));
}

function isHash(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("data" in value);
}
