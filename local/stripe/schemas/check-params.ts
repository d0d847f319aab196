import type { FormHash, FormValue } from "@/local/stripe/http/decode-form";
import { invalidRequest, parameterMissing, parameterUnknown } from "@/local/stripe/http/stripe-api-error";
import { fieldsOf, type SchemaNode } from "./schemas";

/**
 * Checks the parameters of a call against the SDK's own types: nothing Stripe does not know, everything it requires,
 * only values it lists. What is left to the operation are the limits types cannot say.
 * @throws StripeApiError `parameter_unknown`, `parameter_missing`, or 400 naming the parameter.
 */
export function checkParams(type: string | null, form: FormHash): void {
  if (type !== null) checkHash(type, form, "");
  else for (const name of form.keys()) throw parameterUnknown(name);
}

function checkHash(type: string, form: FormHash, path: string): void {
  const fields = fieldsOf(type);
  for (const [name, value] of form) {
    const field = fields.get(name);
    if (!field) throw parameterUnknown(nested(path, name));
    checkValue(field.node, value, nested(path, name));
  }
  for (const [name, { isOptional }] of fields) {
    if (!isOptional && !form.has(name)) throw parameterMissing(nested(path, name));
  }
}

function checkValue(node: SchemaNode, value: FormValue, path: string): void {
  const choices = typeof node === "object" && "anyOf" in node ? node.anyOf : [node];
  if (choices.includes("any")) return;
  if (typeof value === "string") checkText(choices, value, path);
  else checkNested(choices, value, path);
}

function checkText(choices: SchemaNode[], value: string, path: string): void {
  if (choices.some((choice) => typeof choice === "string")) return;
  // An empty string unsets; whether this parameter can be unset is for the operation to say.
  if (value === "") return;
  const allowed = choices.flatMap((choice) =>
    typeof choice === "object" && "enum" in choice ? choice.enum : [],
  );
  if (allowed.some((option) => String(option) === value)) return;
  const listed = allowed.filter((option) => option !== "").map(String);
  if (listed.length > 0) throw notOneOf(path, listed);
  const isList = choices.some((choice) => typeof choice === "object" && "list" in choice);
  throw invalidRequest(isList ? "Invalid array" : "Invalid object", { param: path });
}

/** A hash is an array when all of its keys are numbers. Several types are tried; the first one's refusal is told. */
function checkNested(choices: SchemaNode[], value: FormHash, path: string): void {
  const isArray = [...value.keys()].every((key) => /^\d+$/.test(key));
  let refusal: unknown;
  for (const choice of choices) {
    if (typeof choice === "string" || "enum" in choice) continue;
    try {
      if ("list" in choice) {
        if (!isArray) throw invalidRequest("Invalid array", { param: path });
        for (const [index, item] of value) checkValue(choice.list, item, nested(path, index));
      } else if ("map" in choice) {
        for (const [key, item] of value) checkValue(choice.map, item, nested(path, key));
      } else if ("type" in choice) checkHash(choice.type, value, path);
      return;
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal ?? invalidRequest("Invalid string: a nested value was given", { param: path });
}

function notOneOf(path: string, allowed: string[]): Error {
  const choices =
    allowed.length > 1
      ? `one of ${allowed.slice(0, -1).join(", ")}, or ${allowed.at(-1)}`
      : String(allowed[0]);
  return invalidRequest(`Invalid ${path}: must be ${choices}`, { param: path });
}

function nested(path: string, name: string): string {
  return path === "" ? name : `${path}[${name}]`;
}
