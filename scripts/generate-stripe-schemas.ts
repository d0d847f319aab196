import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import Stripe from "stripe";
import {
  API,
  type Checker,
  type Signature,
  SignatureKind,
  SymbolFlags,
  type Type,
  TypeFlags,
} from "typescript/unstable/sync";
import type { SchemaNode, StripeSchemas, TypeFields } from "@/local/stripe/schemas/schemas";

/**
 * Writes `local/stripe/schemas/generated/stripe-schemas.json`: what every call of the Stripe API takes and gives, derived from the
 * installed SDK, whose types are made from Stripe's own OpenAPI description. Run after every change of the SDK's version:
 * `npx tsx scripts/generate-stripe-schemas.ts`; a test fails until then.
 *
 * Which URL a method calls is found by calling it with the sending part taken out; what it takes and gives is read
 * from the types by the TypeScript compiler.
 */
const TARGET = "local/stripe/schemas/generated/stripe-schemas.json";

/** Resources the local Stripe may ever serve. Of the others only the calls' names are kept, to refuse them by name. */
const DESCRIBED =
  /^\/v1\/(account$|balance|billing\/|billing_portal\/|charges|checkout\/|coupons|credit_notes|customer_sessions|customers|disputes|events|invoice|mandates|payment_intents|payment_methods|prices|products|promotion_codes|radar\/early_fraud_warnings|refunds|setup_|subscription|tax_ids|tax_rates|tax\/settings|test_helpers\/(test_clocks|customers)|tokens|webhook_endpoints)/;

const SDK = new Stripe("sk_test_unused");

type Call = { method: string; path: string; signature: Signature | null };

function main(): void {
  const { checker, sdkType, close } = readSdkTypes();
  const reader = createTypeReader(checker);
  const calls = collectCalls(SDK, sdkType, checker);
  const schemas: StripeSchemas = {
    sdkVersion: Stripe.PACKAGE_VERSION,
    calls: {},
    types: reader.types,
  };
  for (const call of calls.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method))) {
    const name = `${call.method} ${call.path}`;
    schemas.calls[name] =
      call.signature && DESCRIBED.test(call.path)
        ? { takes: reader.paramsOf(call.signature), gives: reader.resultOf(call.signature) }
        : null;
  }
  schemas.types = Object.fromEntries(Object.entries(reader.types).sort(([a], [b]) => compare(a, b)));
  close();
  writeFileSync(TARGET, `${printRows(schemas)}\n`);
  console.log(
    `${TARGET}: ${calls.length} calls, ${Object.keys(schemas.types).length} types of stripe ${schemas.sdkVersion}.`,
  );
}

/** One call and one type a line, so that the difference between two versions of the SDK can be read. */
function printRows({ sdkVersion, calls, types }: StripeSchemas): string {
  const rows = (entries: Record<string, unknown>) =>
    Object.entries(entries)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(",\n");
  return `{"sdkVersion":${JSON.stringify(sdkVersion)},\n"calls":{\n${rows(calls)}\n},\n"types":{\n${rows(types)}\n}}`;
}

/** The type of `SDK` in this very file, and the compiler that knows about it. */
function readSdkTypes(): { checker: Checker; sdkType: Type; close(): void } {
  const file = path.resolve("scripts/generate-stripe-schemas.ts");
  const api = new API();
  const project = api.updateSnapshot({ openProjects: [path.resolve("tsconfig.json")] }).getProjects()[0];
  const position = readFileSync(file, "utf8").indexOf("SDK = new Stripe");
  const sdkType = project?.checker.getTypeAtPosition(file, position);
  if (!project || !sdkType) throw new Error("The SDK's types could not be read.");
  return { checker: project.checker, sdkType, close: () => api.close() };
}

/** Every method of every resource with the URL it calls. The `:name`s in the path are the method's own arguments. */
function collectCalls(client: object, clientType: Type, checker: Checker): Call[] {
  const calls = new Map<string, Call>();
  const seen = new Set<unknown>();
  function visit(value: object, type: Type): void {
    if (seen.has(value)) return;
    seen.add(value);
    for (const property of checker.getPropertiesOfType(type)) {
      if (property.name.startsWith("_") || property.name === "v2") continue;
      const member: unknown = Reflect.get(value, property.name);
      if (typeof member !== "function" && !isResource(member)) continue;
      const memberType = checker.getTypeOfSymbol(property);
      if (!memberType) continue;
      if (typeof member === "object") visit(member, memberType);
      else {
        const call = callOf(value, member, checker.getSignaturesOfType(memberType, SignatureKind.Call)[0]);
        if (call && !calls.has(`${call.method} ${call.path}`)) calls.set(`${call.method} ${call.path}`, call);
      }
    }
  }
  visit(client, clientType);
  return [...calls.values()];
}

/** A resource, or a namespace of resources such as `stripe.billing`. */
function isResource(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return "_makeRequest" in value || Object.values(value).some((part) => part?._makeRequest !== undefined);
}

/** Calls the method with the sending part taken out. Null for a method that sends nothing. */
function callOf(resource: object, method: unknown, signature: Signature | undefined): Call | null {
  if (typeof method !== "function" || !signature || !("_makeRequest" in resource)) return null;
  const names = signature.getParameters().map(({ name }) => name);
  let call: Call | null = null;
  const capture = Object.create(resource, {
    _makeRequest: {
      value: (verb: string, url: string) => {
        const at = (_all: string, index: string) => `:${names[Number(index)]}`;
        call = { method: verb, path: url.replaceAll(/ARG(\d+)/g, at), signature };
        return Promise.resolve({});
      },
    },
  });
  try {
    method.apply(
      capture,
      names.map((_name, index) => `ARG${index}`),
    );
  } catch {
    // A method that does more than send, such as one for files: nothing the local Stripe serves.
  }
  return call;
}

type TypeReader = {
  types: Record<string, TypeFields>;
  paramsOf(signature: Signature): string | null;
  resultOf(signature: Signature): SchemaNode;
};

function createTypeReader(checker: Checker): TypeReader {
  const types: Record<string, TypeFields> = {};
  const names = new Map<number, string>();

  function read(type: Type, isParam: boolean): SchemaNode {
    if (type.flags & (TypeFlags.Any | TypeFlags.Unknown)) return "any";
    if (type.isLiteralType()) return { enum: [literalValue(type.value)] };
    if (type.flags & TypeFlags.String) return "string";
    if (type.flags & TypeFlags.Number) return "number";
    if (type.flags & TypeFlags.Boolean) return "boolean";
    if (type.flags & TypeFlags.Null) return "null";
    if (type.isUnionType()) return readUnion(type.getTypes(), isParam);
    if (nameOf(type) === "Decimal") return "decimal";
    if (nameOf(type) === "Array") return { list: read(argumentOf(type), isParam) };
    if (nameOf(type) === "ApiList") return { page: read(argumentOf(type), isParam) };
    return readObject(type, isParam);
  }

  /** Literals become one enumeration. The SDK leaves enumerations open ("or any string"); here they are closed. */
  function readUnion(members: readonly Type[], isParam: boolean): SchemaNode {
    const parts = members.filter(
      (part) =>
        !(part.flags & TypeFlags.Undefined) &&
        nameOf(part) !== "OtherString" &&
        !(isParam && part.flags & TypeFlags.Null),
    );
    const values = parts.flatMap((part) => (part.isLiteralType() ? [literalValue(part.value)] : []));
    const isBoolean = values.includes(true) && values.includes(false);
    const listed = values.filter((value) => !isBoolean || typeof value !== "boolean");
    const others = parts.filter((part) => !part.isLiteralType()).map((part) => read(part, isParam));
    const nodes: SchemaNode[] = [
      ...(listed.length > 0 ? [{ enum: listed }] : []),
      ...(isBoolean ? (["boolean"] as const) : []),
      ...others.filter(
        (node, index) =>
          others.findIndex((other) => JSON.stringify(other) === JSON.stringify(node)) === index,
      ),
    ];
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { anyOf: nodes };
  }

  function readObject(type: Type, isParam: boolean): SchemaNode {
    const known = names.get(type.id);
    if (known !== undefined) return { type: known };
    const properties = checker.getPropertiesOfType(type).filter(({ name }) => name !== "lastResponse");
    const [index] = checker.getIndexInfosOfType(type);
    if (index && properties.length === 0) return { map: read(index.valueType, isParam) };
    const name = freeName(nameOf(type) ?? "Object");
    names.set(type.id, name);
    const fields: TypeFields = {};
    types[name] = fields;
    for (const property of properties) {
      const propertyType = checker.getTypeOfSymbol(property);
      if (!propertyType) throw new Error(`${name}.${property.name} has no type.`);
      // `deleted?: void`, which tells an object from its deleted form: it is never there.
      if (/\bvoid\b/.test(checker.typeToString(propertyType))) continue;
      const isOptional = (property.flags & SymbolFlags.Optional) !== 0;
      fields[isOptional ? `${property.name}?` : property.name] = read(propertyType, isParam);
    }
    return { type: name };
  }

  function freeName(name: string): string {
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? name : `${name}~${count}`;
      if (!Object.hasOwn(types, candidate)) return candidate;
    }
  }

  /** The name with its namespaces, e.g. "Subscription.CancellationDetails". */
  function nameOf(type: Type): string | null {
    const levels: string[] = [];
    let symbol = type.getAliasSymbol() ?? type.getSymbol();
    for (; symbol && !symbol.name.startsWith('"'); symbol = symbol.getParent()) levels.unshift(symbol.name);
    return levels.length === 0 ? null : levels.join(".");
  }

  function argumentOf(type: Type): Type {
    const [argument] = type.isTypeReference() ? checker.getTypeArguments(type) : [];
    if (!argument) throw new Error(`${checker.typeToString(type)} has no element type.`);
    return argument;
  }

  return {
    types,
    paramsOf(signature) {
      const parameter = signature.getParameters().find(({ name }) => name === "params");
      const type = parameter && checker.getTypeOfSymbol(parameter);
      const node = type && read(checker.getNonNullableType(type) ?? type, true);
      return typeof node === "object" && "type" in node ? node.type : null;
    },
    resultOf(signature) {
      const result = checker.getReturnTypeOfSignature(signature);
      if (!result) return "any";
      const argument = argumentOf(result);
      if (/^Api(List|SearchResult)Promise$/.test(nameOf(result) ?? ""))
        return { page: read(argument, false) };
      // Response<T> is T and what the SDK adds about the call.
      return read(argument.getAliasTypeArguments()[0] ?? argument, false);
    },
  };
}

function literalValue(value: string | number | boolean | bigint): string | number | boolean {
  if (typeof value === "bigint") throw new Error("Stripe's types have no big integers.");
  return value;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

main();
