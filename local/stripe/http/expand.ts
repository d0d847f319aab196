import type { Context } from "@/local/stripe/context";
import { INCLUDABLE_FIELDS } from "@/local/stripe/includable-fields";
import { isExpandable } from "@/local/stripe/schemas/is-expandable";
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
    expandLevel(context, body as Json, levels, { type: "", path: [] }, path);
  }
}

/** `path` is the way from the nearest object that has a type, e.g. ["invoice_settings"]. */
type Owner = { type: string; path: string[] };

function expandLevel(context: Context, value: Json, levels: string[], outer: Owner, path: string): void {
  const [level, ...rest] = levels;
  if (level === undefined) return;
  const owner = typeof value.object === "string" ? { type: value.object, path: [] } : outer;
  const field = [...owner.path, level];
  const include = INCLUDABLE_FIELDS[owner.type]?.[field.join(".")];
  if (include && value[level] === undefined) value[level] = include(context, value);
  // What is shown on request may be a plain hash, and not every object has it.
  if (include && rest.length === 0) return;
  const holdsReference = isExpandable(owner.type, field);
  const child = resolve(context, value[level], holdsReference);
  if (child === null && (holdsReference || rest.length > 0)) return;
  if (typeof child !== "object" || child === null || isPlainHashAtTheEnd(child, rest)) {
    throw invalidRequest(`This property cannot be expanded (${path}).`, { param: "expand" });
  }
  value[level] = child;
  const nextOwner = { type: owner.type, path: field };
  for (const item of Array.isArray(child) ? child : [child]) {
    if (isJson(item)) expandLevel(context, item, rest, nextOwner, path);
  }
}

function resolve(context: Context, value: unknown, holdsReference: boolean): unknown {
  if (!holdsReference) return value;
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => resolve(context, item, true));
  return typeof value === "string" ? (findAnyObject(context.store, value) ?? value) : value;
}

/** `expand[]=metadata` names no object, so there is nothing to expand. */
function isPlainHashAtTheEnd(child: object, rest: string[]): boolean {
  return rest.length === 0 && !Array.isArray(child) && !("object" in child) && !("client_secret" in child);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
