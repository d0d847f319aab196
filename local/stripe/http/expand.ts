import type { Context } from "@/local/stripe/context";
import { EXPANDABLE_FIELDS, INCLUDABLE_FIELDS } from "@/local/stripe/expandable-fields";
import { findAnyObject } from "@/local/stripe/store/store";
import { invalidRequest } from "./stripe-api-error";

const MAX_LEVELS = 4;

type Json = Record<string, unknown>;

/**
 * Replaces ids by the objects they name and adds what Stripe shows only on request, as `expand[]` asks;
 * changes the body in place. Depth is limited to four. https://docs.stripe.com/api/expanding_objects
 */
export function expandBody(context: Context, body: object, paths: readonly string[]): void {
  for (const path of paths) {
    const levels = path.split(".");
    if (levels.length > MAX_LEVELS) {
      throw invalidRequest(
        `You cannot expand more than ${MAX_LEVELS} levels of a property. Property: ${path}`,
        {
          code: "property_expansion_max_depth",
          param: "expand",
        },
      );
    }
    // A response body is plain JSON data built by an operation.
    expandLevel(context, body as Json, levels, { type: "", prefix: "" }, path);
  }
}

/** `prefix` is the way from the nearest object that has a type, e.g. "invoice_settings.". */
type Owner = { type: string; prefix: string };

function expandLevel(context: Context, value: Json, levels: string[], outer: Owner, path: string): void {
  const [level, ...rest] = levels;
  if (level === undefined) return;
  const owner = typeof value.object === "string" ? { type: value.object, prefix: "" } : outer;
  const field = owner.prefix + level;
  if (value[level] === undefined) {
    const include = INCLUDABLE_FIELDS[owner.type]?.[field];
    if (include) value[level] = include(context, value);
  }
  const isExpandable = EXPANDABLE_FIELDS[owner.type]?.includes(field) ?? false;
  const child = resolve(context, value[level], isExpandable);
  if (child === null && (isExpandable || rest.length > 0)) return;
  if (typeof child !== "object" || child === null || isPlainHashAtTheEnd(child, rest)) {
    throw invalidRequest(`This property cannot be expanded (${path}).`, { param: "expand" });
  }
  value[level] = child;
  const nextOwner = { type: owner.type, prefix: `${field}.` };
  for (const item of Array.isArray(child) ? child : [child]) {
    if (isJson(item)) expandLevel(context, item, rest, nextOwner, path);
  }
}

function resolve(context: Context, value: unknown, isExpandable: boolean): unknown {
  if (value === undefined && isExpandable) return null;
  if (typeof value === "string" && isExpandable) return findAnyObject(context.store, value) ?? value;
  return value;
}

/** `expand[]=metadata` names no object, so there is nothing to expand. */
function isPlainHashAtTheEnd(child: object, rest: string[]): boolean {
  return rest.length === 0 && !Array.isArray(child) && !("object" in child) && !("client_secret" in child);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
