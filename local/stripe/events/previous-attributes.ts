type Json = Record<string, unknown>;

/**
 * What an `….updated` event tells of the state before: only the fields that changed, with their old
 * values; keys that did not exist before are null. Nested hashes are compared key by key, lists and
 * arrays are given whole. https://docs.stripe.com/api/events/object#event_object-data-previous_attributes
 */
export function previousAttributes(before: object, after: object): Json | null {
  // Both are stored objects, so plain JSON data.
  const changes = differences(before as Json, after as Json);
  return Object.keys(changes).length === 0 ? null : changes;
}

function differences(before: Json, after: Json): Json {
  const changes: Json = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]];
    if (isEqual(old, now)) continue;
    changes[key] = isHash(old) && isHash(now) ? differences(old, now) : (old ?? null);
  }
  return changes;
}

function isHash(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("data" in value);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
