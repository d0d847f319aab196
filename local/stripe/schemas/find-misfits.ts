import { fieldsOf, type SchemaNode, typeOfResource } from "./schemas";

/**
 * Where a JSON value differs from what the SDK's types promise: fields that are missing, unknown or of another kind, each
 * with its path. Empty when it fits.
 */
export function findMisfits(node: SchemaNode, value: unknown, path = ""): string[] {
  if (typeof node === "object" && "anyOf" in node) return closestMisfits(node.anyOf, value, path);
  if (node === "any") return [];
  if (typeof node === "string") return isOfKind(node, value) ? [] : [told(path, node, value)];
  if ("enum" in node) {
    const isListed = node.enum.some((option) => option === value);
    return isListed ? [] : [told(path, `one of ${node.enum.join(", ")}`, value)];
  }
  if ("list" in node) {
    if (!Array.isArray(value)) return [told(path, "an array", value)];
    return value.flatMap((item, index) => findMisfits(node.list, item, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [told(path, "an object", value)];
  if ("map" in node) {
    return Object.entries(value).flatMap(([key, item]) => findMisfits(node.map, item, `${path}.${key}`));
  }
  return "page" in node ? misfitsOfPage(node.page, value, path) : misfitsOfObject(node.type, value, path);
}

/** The same for an object of the API, by its own `object` field. */
export function findMisfitsOfResource(value: object): string[] {
  const name = "object" in value ? String(value.object) : "";
  const type = typeOfResource(name, "deleted" in value);
  return type === null ? [`The SDK knows no object "${name}".`] : misfitsOfObject(type, value, name);
}

/** Of several possible types the one with the fewest misfits is meant. */
function closestMisfits(nodes: SchemaNode[], value: unknown, path: string): string[] {
  let closest: string[] | null = null;
  for (const node of namesItself(value) ? nodes.filter((node) => isNamedBy(node, value)) : nodes) {
    const misfits = findMisfits(node, value, path);
    if (misfits.length === 0) return [];
    if (!closest || misfits.length < closest.length) closest = misfits;
  }
  return closest ?? [told(path, "one of the types it may have", value)];
}

type Named = { object: string; type?: unknown };

function namesItself(value: unknown): value is Named {
  return typeof value === "object" && value !== null && "object" in value && typeof value.object === "string";
}

/** Resources say what they are, and events of which type, so only one of hundreds has to be looked at. */
function isNamedBy(node: SchemaNode, value: Named): boolean {
  if (typeof node !== "object" || !("type" in node)) return true;
  const fields = fieldsOf(node.type);
  return [["object", value.object] as const, ["type", value.type] as const].every(([name, said]) => {
    const expected = fields.get(name)?.node;
    return (
      typeof expected !== "object" || !("enum" in expected) || expected.enum.some((option) => option === said)
    );
  });
}

function misfitsOfObject(type: string, value: object, path: string): string[] {
  const fields = fieldsOf(type);
  const misfits: string[] = [];
  for (const [name, item] of Object.entries(value)) {
    // Holds only what changed, at every depth.
    if (name === "previous_attributes") continue;
    const field = fields.get(name);
    if (field) misfits.push(...findMisfits(field.node, item, `${path}.${name}`));
    else misfits.push(`${path}.${name} is not a field of ${type}.`);
  }
  for (const [name, { isOptional }] of fields) {
    if (!isOptional && !Object.hasOwn(value, name)) misfits.push(`${path}.${name} is missing from ${type}.`);
  }
  if (type !== "InvoiceUpcomingEvent.Data") return misfits;
  // An invoice that is only announced has no id. https://docs.stripe.com/api/events/types#event_types-invoice.upcoming
  return misfits.filter((misfit) => misfit !== `${path}.object.id is missing from Invoice.`);
}

/** `ApiSearchResult` in the SDK. */
function misfitsOfSearch(node: SchemaNode, value: object, path: string): string[] {
  const { next_page: next, total_count: count, ...page } = value as Record<string, unknown>; // any JSON object is one
  const isResult =
    (next === null || typeof next === "string") && (count === undefined || typeof count === "number");
  if (!isResult) return [told(path, "a search result", value)];
  return misfitsOfPage(node, { ...page, object: "list" }, path);
}

function misfitsOfPage(node: SchemaNode, value: object, path: string): string[] {
  const { object, data, has_more, url, ...others } = value as Record<string, unknown>; // any JSON object is one
  if (object === "search_result") return misfitsOfSearch(node, value, path);
  const isPage =
    object === "list" && Array.isArray(data) && typeof has_more === "boolean" && typeof url === "string";
  if (!isPage) return [told(path, "a list object", value)];
  return [
    ...Object.keys(others).map((name) => `${path}.${name} is not a field of a list.`),
    ...data.flatMap((item, index) => findMisfits(node, item, `${path}.data[${index}]`)),
  ];
}

function isOfKind(kind: Extract<SchemaNode, string>, value: unknown): boolean {
  if (kind === "null") return value === null;
  if (kind === "decimal") return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
  return typeof value === kind;
}

function told(path: string, expected: string, value: unknown): string {
  return `${path} is ${JSON.stringify(value)?.slice(0, 80)}, not ${expected}.`;
}
