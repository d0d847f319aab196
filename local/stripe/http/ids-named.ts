import type { FormHash } from "./decode-form";
import type { RouteMatch } from "./match-route";

/**
 * What a call is about: the ids in its path and then those in its parameters. A test clock itself lives by the global
 * time.
 */
export function* idsNamed(match: RouteMatch, form: FormHash): Iterable<string> {
  if (match.operation.path.startsWith("/v1/test_helpers/")) return;
  yield* Object.values(match.pathValues);
  yield* idsIn(form);
}

function* idsIn(form: FormHash): Iterable<string> {
  for (const [name, value] of form) {
    if (name === "metadata" || name === "expand") continue;
    if (typeof value !== "string") yield* idsIn(value);
    else if (/^[a-z]+_\w+$/.test(value)) yield value;
  }
}
