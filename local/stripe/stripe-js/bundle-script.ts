import { readFileSync } from "node:fs";

/** The modules of the script, by name; each is read once. */
const modules = new Map<string, string>();

/**
 * Stripe.js as one classic script, which is what `<script src>` and `@stripe/stripe-js` load. A module becomes a
 * function that gives what it exports; they stand in the order in which they need each other.
 * @param version the name in the URL, which `@stripe/stripe-js` compares with its own.
 */
export function bundleScript(baseUrl: string, version: string): string {
  const order: string[] = [];
  collect("stripe.js", order);
  const constants =
    `const LAB_BASE_URL = ${JSON.stringify(baseUrl)};\n` +
    `const STRIPE_JS_VERSION = ${JSON.stringify(version)};\n`;
  return `(() => {\n"use strict";\n${constants}${order.map(wrap).join("")}})();\n`;
}

/** A module that a frame loads, or one of the script. */
export function readModule(name: string): string {
  const known = modules.get(name);
  if (known !== undefined) return known;
  const source = readFileSync(new URL(`./${name}`, import.meta.url), "utf8");
  modules.set(name, source);
  return source;
}

const IMPORT = /^import \{([^}]+)\} from "\.\/([\w-]+\.js)";\n/gm;
const EXPORT = /^export (?=(?:async )?(?:function|class|const) (\w+))/gm;

/** What it imports first, then the module itself. */
function collect(name: string, order: string[]): void {
  for (const [, , imported = ""] of readModule(`browser/${name}`).matchAll(IMPORT)) {
    if (!order.includes(imported)) collect(imported, order);
  }
  order.push(name);
}

function wrap(name: string): string {
  const source = readModule(`browser/${name}`);
  const exported = [...source.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map(
    ([, id]) => id,
  );
  const body = source
    .replace(IMPORT, (_line, names: string, from: string) => `const {${names}} = ${variableOf(from)};\n`)
    .replace(EXPORT, "");
  return `const ${variableOf(name)} = (() => {\n${body}return { ${exported.join(", ")} };\n})();\n`;
}

function variableOf(name: string): string {
  return `module_${name.replace(".js", "").replaceAll("-", "_")}`;
}
