import Stripe from "stripe";

/** What an answer said and what it was to say, path by path. */
export class Mismatch extends Error {
  readonly differences: string[];

  constructor(differences: string[]) {
    super(differences.join("\n"));
    this.name = "Mismatch";
    this.differences = differences;
  }
}

/**
 * Compares an answer with what the documentation promises of it: of hashes only the named fields, of lists every place.
 * @throws Mismatch naming every difference.
 */
export function check(what: string, found: unknown, expected: unknown): void {
  const differences = differencesOf(what, found, expected);
  if (differences.length > 0) throw new Mismatch(differences);
}

export type ExpectedRefusal = {
  statusCode: number;
  type?: string;
  code?: string;
  decline_code?: string;
  param?: string;
};

/** Makes a call that is to be refused, and compares the refusal. */
export async function checkRefusal(
  what: string,
  call: Promise<unknown>,
  expected: ExpectedRefusal,
): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const { statusCode, code, decline_code, param, rawType: type } = error;
    return check(what, { statusCode, type, code, decline_code, param }, expected);
  }
  throw new Mismatch([`${what}: to be refused, was answered`]);
}

function differencesOf(path: string, found: unknown, expected: unknown): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found)) return [difference(path, found, "a list")];
    if (found.length !== expected.length) {
      return [difference(path, `${found.length} entries`, `${expected.length} entries`)];
    }
    return expected.flatMap((each, index) => differencesOf(`${path}[${index}]`, found[index], each));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof found !== "object" || found === null) return [difference(path, found, "a hash")];
    return Object.entries(expected).flatMap(([name, each]) =>
      differencesOf(`${path}.${name}`, Reflect.get(found, name), each),
    );
  }
  return Object.is(found, expected) ? [] : [difference(path, found, expected)];
}

function difference(path: string, found: unknown, expected: unknown): string {
  return `${path}: expected ${show(expected)}, found ${show(found)}`;
}

function show(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
}
