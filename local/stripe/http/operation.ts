import type { Context } from "@/local/stripe/context";
import { checkParams } from "@/local/stripe/schemas/check-params";
import { type SchemaNode, schemaOfCall } from "@/local/stripe/schemas/schemas";
import type { FormHash } from "./decode-form";
import { listOf, type ParamsOf, parseShape, type Shape, text } from "./params";

export type Method = "GET" | "POST" | "DELETE";

/** The `:name` parts of a path, by name. */
export type PathValues<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? { [K in Name]: string } & PathValues<Rest>
  : P extends `${string}:${infer Name}`
    ? { [K in Name]: string }
    : Record<never, never>;

/** One API operation, with its parameters already bound to a shape. */
export type Operation = {
  method: Method;
  path: string;
  allowsPublishableKey: boolean;
  /** Checks the parameters; what comes back does the work, inside a transaction the caller opens. */
  prepare(form: FormHash, pathValues: Record<string, string>): PreparedOperation;
};

export type PreparedOperation = { gives: SchemaNode; expand: string[]; run(context: Context): object };

/**
 * Declares an operation. Its parameters are checked twice: against the SDK's own types, which tell what Stripe does not
 * know (`parameter_unknown`), and against the shape, the complete list of what is served here with the limits that
 * types cannot say. What Stripe knows and the shape does not is refused as not simulated.
 * @throws Error when the SDK knows no such call.
 */
export function operation<const P extends string, S extends Shape>(definition: {
  method: Method;
  path: P;
  allowsPublishableKey?: boolean;
  /** Parameters only Stripe.js sends, which the SDK's types leave out. */
  clientParams?: readonly (keyof S & string)[];
  params: S;
  /** What is thrown takes all of the work back; an error that is returned is answered, and the work stands. */
  run(context: Context, params: ParamsOf<S>, path: PathValues<P>, expand: readonly string[]): object;
}): Operation {
  const schema = schemaOfCall(definition.method, definition.path);
  if (!schema) throw new Error(`The SDK has no call ${definition.method} ${definition.path}.`);
  return {
    method: definition.method,
    path: definition.path,
    allowsPublishableKey: definition.allowsPublishableKey ?? false,
    prepare(form, pathValues) {
      const { expand, ...rest } = splitExpand(form);
      checkParams(schema.takes, without(rest.form, definition.clientParams ?? []));
      const params = parseShape(definition.params, rest.form);
      // The router fills exactly the names that stand in the path's own text.
      const path = pathValues as PathValues<P>;
      return { gives: schema.gives, expand, run: (context) => definition.run(context, params, path, expand) };
    },
  };
}

/** Every operation takes `expand`, so none declares it. https://docs.stripe.com/api/expanding_objects */
function splitExpand(form: FormHash): { expand: string[]; form: FormHash } {
  const value = form.get("expand");
  if (value === undefined) return { expand: [], form };
  const others = without(form, ["expand"]);
  const expand = typeof value === "string" ? [value] : listOf(text()).parse(value, "expand");
  return { expand, form: others };
}

function without(form: FormHash, names: readonly string[]): FormHash {
  return names.length === 0 ? form : new Map([...form].filter(([name]) => !names.includes(name)));
}
