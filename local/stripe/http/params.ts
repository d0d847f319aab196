import type { TimeRange } from "@/local/stripe/store/list-objects";
import type { FormHash, FormValue } from "./decode-form";
import { invalidRequest, notSimulated, parameterMissing } from "./stripe-api-error";

/** How one parameter is read. `parse` throws a StripeApiError naming the parameter. */
export type Param<T> = { isRequired: boolean; parse(value: FormValue, path: string): T };
export type RequiredParam<T> = Param<T> & { isRequired: true };

/** The parameters of an operation or of a nested hash that are served. Anything not listed is refused as not simulated. */
export type Shape = Record<string, Param<unknown>>;

export type ParamsOf<S extends Shape> = {
  [K in keyof S as S[K] extends RequiredParam<unknown> ? K : never]: ReturnType<S[K]["parse"]>;
} & {
  [K in keyof S as S[K] extends RequiredParam<unknown> ? never : K]?: ReturnType<S[K]["parse"]>;
};

/** Reads a decoded form against a shape. */
export function parseShape<S extends Shape>(shape: S, form: FormHash, path = ""): ParamsOf<S> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const param = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!param) throw notSimulated(`the parameter '${nested(path, name)}'`, nested(path, name));
    result[name] = param.parse(value, nested(path, name));
  }
  for (const [name, param] of Object.entries(shape)) {
    if (param.isRequired && !form.has(name)) throw parameterMissing(nested(path, name));
  }
  // Built key by key from the shape above, which is what the type says.
  return result as ParamsOf<S>;
}

/** The parameter, which must be given. */
export function required<T>(param: Param<T>): RequiredParam<T> {
  return { ...param, isRequired: true };
}

/** A string that is not empty. */
export function text(maxLength = 5000): Param<string> {
  return optional((value, path) => {
    if (typeof value !== "string") throw invalidRequest(`Invalid string: ${show(value)}`, { param: path });
    if (value === "") throw emptyNotAllowed(path);
    return checkLength(value, path, maxLength);
  });
}

/** A whole number within the bounds. */
export function integer(bounds: { min?: number; max?: number } = {}): Param<number> {
  return optional((value, path) => {
    const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
    if (number === null) {
      throw invalidRequest(`Invalid integer: ${show(value)}`, {
        code: "parameter_invalid_integer",
        param: path,
      });
    }
    if (bounds.min !== undefined && number < bounds.min) {
      const message = `This value must be greater than or equal to ${bounds.min}.`;
      throw invalidRequest(message, { code: "parameter_invalid_integer", param: path });
    }
    if (bounds.max !== undefined && number > bounds.max) {
      const message = `This value must be less than or equal to ${bounds.max}.`;
      throw invalidRequest(message, { code: "parameter_invalid_integer", param: path });
    }
    return number;
  });
}

/** `true` or `false`. */
export function flag(): Param<boolean> {
  return optional((value, path) => {
    if (value !== "true" && value !== "false") {
      throw invalidRequest(`Invalid boolean: ${show(value)}`, { param: path });
    }
    return value === "true";
  });
}

/** One of the values. */
export function oneOf<const T extends string>(...allowed: T[]): Param<T> {
  return optional((value, path) => {
    const match = allowed.find((option) => option === value);
    if (match !== undefined) return match;
    const choices =
      allowed.length > 1 ? `one of ${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}` : allowed.join();
    throw invalidRequest(`Invalid ${path}: must be ${choices}`, { param: path });
  });
}

/** Like the param, but an empty string is read as null: "unset this". */
export function clearable<T>(param: Param<T>): Param<T | null> {
  return optional((value, path) => (value === "" ? null : param.parse(value, path)));
}

/** An array, given as `a[0]=…&a[1]=…` or `a[]=…`; an empty string is an empty one. */
export function listOf<T>(param: Param<T>, maxItems = 100): Param<T[]> {
  return optional((value, path) => {
    if (value === "") return [];
    if (!(value instanceof Map)) throw invalidRequest("Invalid array", { param: path });
    if (value.size > maxItems) {
      throw invalidRequest(`Array ${path} exceeded maximum ${maxItems} allowed elements.`, { param: path });
    }
    return [...value].map(([index, item]) => {
      if (!/^\d+$/.test(index)) throw invalidRequest("Invalid array", { param: path });
      return param.parse(item, nested(path, index));
    });
  });
}

/** A nested hash with its own shape, as strict as the outermost. */
export function hash<S extends Shape>(shape: S): Param<ParamsOf<S>> {
  return optional((value, path) => {
    if (!(value instanceof Map)) throw invalidRequest("Invalid object", { param: path });
    return parseShape(shape, value, path);
  });
}

/** Changes to metadata; null clears everything, a null value removes one key. */
export type MetadataChange = Record<string, string | null> | null;

/** Stripe's limits: 50 keys, 40 characters a key, 500 a value. https://docs.stripe.com/api/metadata */
export function metadata(): Param<MetadataChange> {
  return optional((value, path) => {
    if (value === "") return null;
    if (!(value instanceof Map)) throw invalidRequest("Invalid object", { param: path });
    const entries = [...value].map(([key, item]) => {
      if (key.length > 40) {
        throw invalidRequest(`Metadata keys can have up to 40 characters, not ${key.length}.`, {
          param: path,
        });
      }
      if (typeof item !== "string") {
        throw invalidRequest("Metadata values must be strings.", { param: nested(path, key) });
      }
      return [key, item === "" ? null : checkLength(item, nested(path, key), 500)] as const;
    });
    return Object.fromEntries(entries);
  });
}

/** A unix time. */
export function timestamp(): Param<number> {
  return optional((value, path) => {
    if (typeof value !== "string" || !/^\d{1,11}$/.test(value)) {
      throw invalidRequest(`Invalid timestamp: must be an integer Unix timestamp`, { param: path });
    }
    return Number(value);
  });
}

/** A unix time, or `[gt] [gte] [lt] [lte]` around one. */
export function timeRange(): Param<TimeRange | number> {
  const range = hash({ gt: timestamp(), gte: timestamp(), lt: timestamp(), lte: timestamp() });
  return optional((value, path) =>
    typeof value === "string" ? timestamp().parse(value, path) : range.parse(value, path),
  );
}

/** Wraps how a value is read. Parameters are optional until `required` says otherwise. */
export function optional<T>(parse: (value: FormValue, path: string) => T): Param<T> {
  return { isRequired: false, parse };
}

function checkLength(value: string, path: string, maxLength: number): string {
  if (value.length <= maxLength) return value;
  throw invalidRequest(`Invalid string: ${value.slice(0, 6)}…; must be at most ${maxLength} characters`, {
    param: path,
  });
}

function emptyNotAllowed(path: string): Error {
  const message =
    `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; ` +
    `however '${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`;
  return invalidRequest(message, { code: "parameter_invalid_empty", param: path });
}

function nested(path: string, name: string): string {
  return path === "" ? name : `${path}[${name}]`;
}

function show(value: FormValue): string {
  return typeof value === "string" ? value : JSON.stringify(Object.fromEntries(value));
}
