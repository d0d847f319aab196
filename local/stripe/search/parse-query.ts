import { invalidRequest } from "@/local/stripe/http/stripe-api-error";

export type Operator = ":" | "~" | ">" | "<" | ">=" | "<=" | "=";

/** One condition; a null value asks for what has none. */
export type Clause = {
  isNegated: boolean;
  field: string;
  /** The key, where the field is `metadata`. */
  key: string | null;
  operator: Operator;
  value: string | null;
};

export type Query = { clauses: Clause[]; joinedBy: "and" | "or" };

const MAX_CLAUSES = 10;

const CLAUSE =
  /(-?)([a-z_][\w.]*)(?:\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\])?(>=|<=|[:~><=])(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"']+))/iy;

const JOINT = /\s+(?:(and|or)\s+)?/iy;

/**
 * Reads a search query: clauses side by side, or joined by AND or by OR, which cannot be mixed.
 * https://docs.stripe.com/search#search-query-language
 * @throws StripeApiError 400 naming `query`.
 */
export function parseQuery(text: string): Query {
  const query = text.trim();
  const clauses: Clause[] = [];
  const joints = new Set<string>();
  let at = 0;
  for (;;) {
    const clause = matchAt(CLAUSE, query, at);
    if (!clause) throw unreadable();
    clauses.push(clauseOf(clause));
    at += clause[0].length;
    if (at === query.length) break;
    const joint = matchAt(JOINT, query, at);
    if (!joint) throw unreadable();
    joints.add((joint[1] ?? "and").toLowerCase());
    at += joint[0].length;
  }
  if (joints.size > 1) throw refused("You cannot combine AND and OR in one query.");
  if (clauses.length > MAX_CLAUSES) throw refused(`A query can have at most ${MAX_CLAUSES} clauses.`);
  return { clauses, joinedBy: joints.has("or") ? "or" : "and" };
}

/** A query that is understood and asks for what cannot be had. */
export function refused(message: string): Error {
  return invalidRequest(message, { param: "query" });
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function clauseOf(match: RegExpExecArray): Clause {
  const [, minus, field = "", key, otherKey, operator, quoted, otherQuoted, bare] = match;
  const name = key ?? otherKey;
  const text = quoted ?? otherQuoted;
  return {
    isNegated: minus === "-",
    field,
    key: name === undefined ? null : unescaped(name),
    // The pattern lets nothing else through.
    operator: operator as Operator,
    value: text !== undefined ? unescaped(text) : bare?.toLowerCase() === "null" ? null : (bare ?? ""),
  };
}

/** A quotation mark inside of a value is written with a backslash. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}

function unreadable(): Error {
  return refused(
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or ' +
      'key:"value" to query for other fields.',
  );
}
