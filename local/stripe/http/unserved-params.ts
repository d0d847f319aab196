import { flag, oneOf, optional, type Param } from "./params";
import { notSimulated } from "./stripe-api-error";

/** A parameter Stripe knows and the stand-in does not serve yet. */
export function refused(what: string): Param<never> {
  return optional((_value, path) => {
    throw notSimulated(what, path);
  });
}

/** Parameters Stripe knows and the stand-in does not serve yet, refused by their own names. */
export function refusedParams<const K extends string>(...names: K[]): Record<K, Param<never>> {
  const entries = names.map((name) => [name, refused(`the parameter '${name}'`)] as const);
  // The entries are made from the names themselves, one each.
  return Object.fromEntries(entries) as Record<K, Param<never>>;
}

/** A switch that may only stay off, because what it turns on is not served yet. */
export function offOnly(what: string): Param<false> {
  return optional((value, path) => {
    if (flag().parse(value, path)) throw notSimulated(what, path);
    return false;
  });
}

/** An enumeration of which Stripe knows more values than are served; the others are refused by name. */
export function servedOneOf<const T extends string>(served: T[], ...unserved: string[]): Param<T> {
  return optional((value, path) => {
    if (typeof value === "string" && unserved.includes(value)) throw notSimulated(`${path} '${value}'`, path);
    return oneOf(...served).parse(value, path);
  });
}
