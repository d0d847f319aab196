import { formatCount } from "./format-count";
import { formatMoney } from "./money";

/** One thing that differs: where in the catalogue, and in words a person understands. */
export type CatalogueChange = { path: string; words: string };

type Place = { path: string; title: string; currency: string };

/**
 * What differs between two values of plain data in normal form, member by member, under its members' own names:
 * "Policy: grace days 7 → 5".
 */
export function* diffMembers(from: unknown, to: unknown, place: Place): Iterable<CatalogueChange> {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  const [before, after] = [membersOf(from), membersOf(to)];
  if (!before || !after) {
    yield { path: place.path, words: `${place.title} ${show(from, place)} → ${show(to, place)}` };
    return;
  }
  const inOther = (others: Record<string, unknown>) => (key: string) => Object.hasOwn(others, key);
  if (Array.isArray(from) && Array.isArray(to)) yield* diffOrder(before, after, place);
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = `${place.path}.${key}`;
    if (Array.isArray(to) && !inOther(before)(key)) yield { path, words: `${place.title} "${key}" is new` };
    else if (Array.isArray(to) && !inOther(after)(key))
      yield { path, words: `${place.title} "${key}" is gone` };
    else yield* diffMembers(before[key], after[key], { ...place, path, title: titleOf(place, key, to) });
  }
}

function* diffOrder(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  { path, title }: Place,
): Iterable<CatalogueChange> {
  const words = orderWords(Object.keys(before), Object.keys(after));
  if (words) yield { path, words: `${title}: ${words}` };
}

/** Null when those that are in both stand in the same order. */
export function orderWords(before: string[], after: string[]): string | null {
  const kept = before.filter((name) => after.includes(name));
  const order = after.filter((name) => before.includes(name));
  return kept.join() === order.join() ? null : `the order is now ${order.join(", ")}`;
}

/** An object's members, or a list's by what names them; null for a single value and for a list of such. */
function membersOf(value: unknown): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null) return null;
  if (!Array.isArray(value)) return { ...value };
  const named = value.map((item): [string | null, unknown] => [nameOf(item), item]);
  const names = new Set(named.map(([name]) => name));
  if (names.has(null) || names.size < named.length) return null;
  return Object.fromEntries(named);
}

function nameOf(item: unknown): string | null {
  if (typeof item !== "object" || item === null) return null;
  const members: Record<string, unknown> = { ...item };
  const name = members.key ?? members.slug ?? members.label ?? members.percent;
  return name === undefined ? null : String(name);
}

/** "Policy: grace days"; what is inside of it goes on without a colon: "Policy: refund subscription days". */
function titleOf({ title }: Place, key: string, parent: unknown): string {
  const name = Array.isArray(parent)
    ? `"${key}"`
    : key
        .replace(/Minor$/, "")
        .replace(/[A-Z]/g, " $&")
        .toLowerCase();
  return title.includes(":") ? `${title} ${name}` : `${title}: ${name}`;
}

function show(value: unknown, { path, currency }: Place): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number")
    return path.endsWith("Minor") ? formatMoney(value, currency) : formatCount(value);
  if (Array.isArray(value))
    return value.length === 0 ? "none" : value.map((item) => plainly(item)).join(", ");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([key, member]) => `${key} ${plainly(member)}`)
      .join(", ");
  return `"${String(value)}"`;
}

function plainly(item: unknown): string {
  return typeof item === "object" ? JSON.stringify(item) : String(item);
}
