import type { Context } from "@/local/stripe/context";
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

export type PreparedOperation = { expand: string[]; run(context: Context): object };

/**
 * Declares an operation. The shape is the complete list of parameters: one that is missing from it is
 * answered with `parameter_unknown`, so the shape can later be generated from the SDK's own types.
 */
export function operation<const P extends string, S extends Shape>(definition: {
  method: Method;
  path: P;
  allowsPublishableKey?: boolean;
  params: S;
  /** What is thrown takes all of the work back; an error that is returned is answered, and the work stands. */
  run(context: Context, params: ParamsOf<S>, path: PathValues<P>): object;
}): Operation {
  return {
    method: definition.method,
    path: definition.path,
    allowsPublishableKey: definition.allowsPublishableKey ?? false,
    prepare(form, pathValues) {
      const { expand, ...rest } = splitExpand(form);
      const params = parseShape(definition.params, rest.form);
      // The router fills exactly the names that stand in the path's own text.
      const path = pathValues as PathValues<P>;
      return { expand, run: (context) => definition.run(context, params, path) };
    },
  };
}

/** Every operation takes `expand`, so none declares it. https://docs.stripe.com/api/expanding_objects */
function splitExpand(form: FormHash): { expand: string[]; form: FormHash } {
  const value = form.get("expand");
  if (value === undefined) return { expand: [], form };
  const others = new Map(form);
  others.delete("expand");
  const expand = typeof value === "string" ? [value] : listOf(text()).parse(value, "expand");
  return { expand, form: others };
}
