import { readFileSync } from "node:fs";

/** What a value looks like. Numbers, booleans and decimals travel as text in requests. */
export type SchemaNode =
  | "string"
  | "number"
  | "boolean"
  | "decimal"
  | "null"
  | "any"
  | { enum: (string | number | boolean)[] }
  | { list: SchemaNode }
  | { page: SchemaNode }
  | { map: SchemaNode }
  | { type: string }
  | { anyOf: SchemaNode[] };

/** Fields by name; one that may be absent ends in "?". */
export type TypeFields = Record<string, SchemaNode>;

/** A call is named like "POST /v1/customers/:id"; null where only its existence is known. */
export type StripeSchemas = {
  sdkVersion: string;
  calls: Record<string, { takes: string | null; gives: SchemaNode } | null>;
  types: Record<string, TypeFields>;
};

export type CallSchema = { takes: string | null; gives: SchemaNode };

type Index = {
  schemas: StripeSchemas;
  /** Calls by method and path with every `:name` as ":". */
  calls: Map<string, CallSchema | null>;
  /** Every call Stripe has, to tell one that is not served from one that does not exist. */
  patterns: { method: string; pattern: RegExp }[];
  /** Types by the value of their `object` field. */
  resources: Map<string, string>;
};

let index: Index | null = null;

/**
 * What Stripe's API takes and gives, as the SDK's types say. Made by `scripts/generate-stripe-schemas.ts`; read once, when
 * first needed.
 */
export function stripeSchemas(): StripeSchemas {
  return readIndex().schemas;
}

/** The schema of one call; undefined when the SDK knows no such call, null when only that it exists. */
export function schemaOfCall(method: string, path: string): CallSchema | null | undefined {
  return readIndex().calls.get(callKey(method, path));
}

/** Whether Stripe has a call for this method and URL. */
export function isKnownCall(method: string, url: string): boolean {
  return readIndex().patterns.some((call) => call.method === method && call.pattern.test(url));
}

/** The fields of a type, the optional ones without their mark. */
export function fieldsOf(type: string): Map<string, { node: SchemaNode; isOptional: boolean }> {
  const known = fieldMaps.get(type);
  if (known) return known;
  const fields = new Map<string, { node: SchemaNode; isOptional: boolean }>();
  for (const [name, node] of Object.entries(stripeSchemas().types[type] ?? {})) {
    const isOptional = name.endsWith("?");
    fields.set(isOptional ? name.slice(0, -1) : name, { node, isOptional });
  }
  fieldMaps.set(type, fields);
  return fields;
}

const fieldMaps = new Map<string, Map<string, { node: SchemaNode; isOptional: boolean }>>();

/** The type of objects whose `object` field says so, or null. A deleted object has a type of its own. */
export function typeOfResource(object: string, isDeleted = false): string | null {
  return readIndex().resources.get(isDeleted ? `deleted ${object}` : object) ?? null;
}

function readIndex(): Index {
  index ??= buildIndex();
  return index;
}

function buildIndex(): Index {
  const file = new URL("generated/stripe-schemas.json", import.meta.url);
  // The generator writes exactly this shape.
  const schemas = JSON.parse(readFileSync(file, "utf8")) as StripeSchemas;
  const calls = new Map<string, CallSchema | null>();
  const patterns: Index["patterns"] = [];
  for (const [name, call] of Object.entries(schemas.calls)) {
    const [method = "", path = ""] = name.split(" ");
    calls.set(callKey(method, path), call);
    patterns.push({
      method,
      pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`),
    });
  }
  const resources = new Map<string, string>();
  for (const [type, fields] of Object.entries(schemas.types)) {
    const { object } = fields;
    if (typeof object !== "object" || !("enum" in object) || object.enum.length !== 1) continue;
    const key = "deleted" in fields ? `deleted ${object.enum[0]}` : String(object.enum[0]);
    if (!resources.has(key)) resources.set(key, type);
  }
  return { schemas, calls, patterns, resources };
}

function callKey(method: string, path: string): string {
  return `${method} ${path.replaceAll(/:\w+/g, ":")}`;
}
