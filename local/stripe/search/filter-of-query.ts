import type { SQLInputValue } from "node:sqlite";
import { type ListFilter, not } from "@/local/stripe/store/list-objects";
import { type Clause, parseQuery, refused } from "./parse-query";
import type { SearchableResource, SearchField } from "./search-fields";

/** The shortest text that can be looked for inside of another. */
const MIN_PART = 3;

/**
 * The objects a query asks for, as a condition of a list.
 * https://docs.stripe.com/search#search-query-language
 * @throws StripeApiError 400 naming `query`.
 */
export function filterOfQuery(resource: SearchableResource, text: string): ListFilter {
  const { clauses, joinedBy } = parseQuery(text);
  const filters = clauses.map((clause) => {
    const filter = filterOfClause(resource, clause);
    return clause.isNegated ? not(filter) : filter;
  });
  return {
    sql: `(${filters.map(({ sql }) => sql).join(` ${joinedBy} `)})`,
    values: filters.flatMap(({ values }) => values),
  };
}

function filterOfClause(resource: SearchableResource, clause: Clause): ListFilter {
  if (clause.field === "metadata" && clause.key !== null) return metadataFilter(clause, clause.key);
  const field =
    clause.key === null && Object.hasOwn(resource.fields, clause.field)
      ? resource.fields[clause.field]
      : undefined;
  if (!field) throw unknownField(resource, clause);
  // The path is one of our own; coalescing keeps a negated condition true of what has no value.
  const value = `json_extract(body, '${field.path}')`;
  return filterOfValue(clause, value, [], field);
}

/** Metadata is searched by a key that may be any text, so it is looked up rather than written into the path. */
function metadataFilter(clause: Clause, key: string): ListFilter {
  const value = "(select value from json_each(body, '$.metadata') where key = ?)";
  return filterOfValue(clause, value, [key], { path: "", kind: "string" });
}

function filterOfValue(
  clause: Clause,
  expression: string,
  before: SQLInputValue[],
  { kind }: SearchField,
): ListFilter {
  const { operator, value } = clause;
  if (value === null) {
    if (operator !== ":") throw unsupportedOperator(clause);
    return { sql: `${expression} is null`, values: before };
  }
  const condition = (comparison: string, wanted: SQLInputValue): ListFilter => ({
    sql: `coalesce(${comparison.replace("%", expression)}, 0)`,
    values: [...before, wanted],
  });
  if (kind === "numeric") {
    if (operator === "~") throw unsupportedOperator(clause);
    return condition(`% ${operator === ":" ? "=" : operator} ?`, numberOf(clause, value));
  }
  if (operator === "~" && kind === "string") {
    if (value.length < MIN_PART)
      throw refused(`The value of ${nameOf(clause)} must have at least ${MIN_PART} characters.`);
    return condition("instr(lower(%), lower(?)) > 0", value);
  }
  if (operator !== ":") throw unsupportedOperator(clause);
  if (kind === "flag") return condition("% = ?", flagOf(clause, value));
  return condition("lower(%) = lower(?)", value);
}

function numberOf(clause: Clause, value: string): number {
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  throw refused(`The value of the numeric field ${nameOf(clause)} must be a whole number, not ${value}.`);
}

/** SQLite reads JSON's true and false as 1 and 0. */
function flagOf(clause: Clause, value: string): number {
  const text = value.toLowerCase();
  if (text === "true" || text === "false") return Number(text === "true");
  throw refused(`The value of ${nameOf(clause)} must be true or false, not ${value}.`);
}

function unknownField({ name }: SearchableResource, clause: Clause): Error {
  return refused(
    `Field \`${nameOf(clause)}\` is an unsupported search field for resource \`${name}\`. See ` +
      `http://stripe.com/docs/search#query-fields-for-${name.replaceAll("_", "-")} for a list of supported fields.`,
  );
}

function unsupportedOperator(clause: Clause): Error {
  return refused(`Operator \`${clause.operator}\` is not supported for the field \`${nameOf(clause)}\`.`);
}

function nameOf({ field, key }: Clause): string {
  return key === null ? field : `${field}["${key}"]`;
}
