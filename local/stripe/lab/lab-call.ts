import type { FormHash } from "@/local/stripe/http/decode-form";
import type { Method, PathValues } from "@/local/stripe/http/operation";
import { type ParamsOf, parseShape, type Shape } from "@/local/stripe/http/params";
import { parameterUnknown } from "@/local/stripe/http/stripe-api-error";
import type { Lab } from "./lab";

/** What a control did: the answer of the API, and the sentence the dashboard says. */
export type Done = { answer: object; says: string };

/** One call of the control API, with its parameters already bound to a shape. */
export type LabCall = {
  method: Method;
  path: string;
  run(lab: Lab, form: FormHash, pathValues: Record<string, string>): Promise<Done>;
};

/** Declares a call of the control API, which the dashboard's forms make too. */
export function labCall<const P extends string, S extends Shape, A extends object>(definition: {
  method: Method;
  path: P;
  params: S;
  run(lab: Lab, params: ParamsOf<S>, path: PathValues<P>): A | Promise<A>;
  /** What the dashboard says when it is done. */
  says?(answer: A): string;
}): LabCall {
  return {
    method: definition.method,
    path: definition.path,
    async run(lab, form, pathValues) {
      const unknown = [...form.keys()].find((name) => !Object.hasOwn(definition.params, name));
      if (unknown !== undefined) throw parameterUnknown(unknown);
      // The router fills exactly the names that stand in the path's own text.
      const path = pathValues as PathValues<P>;
      const answer = await definition.run(lab, parseShape(definition.params, form), path);
      return { answer, says: definition.says?.(answer) ?? "Done." };
    },
  };
}
