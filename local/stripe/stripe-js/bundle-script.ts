import { fileURLToPath } from "node:url";

/** What is served as one script each, and the module it begins with. */
const ENTRIES = {
  stripe: "browser/stripe.js",
  "address-frame": "frames/address-frame.js",
  "card-frame": "frames/card-frame.js",
  "checkout-frame": "frames/checkout-frame.js",
};

export type ScriptName = keyof typeof ENTRIES;

/** Scripts by name and constants; each is built when it is first asked for. */
const built = new Map<string, string>();

/**
 * One classic script with everything it imports, which is what `<script src>` and `@stripe/stripe-js` load.
 * @param constants what the lab alone can say, by the names the modules have for it.
 */
export async function bundleScript(
  name: ScriptName,
  constants: Record<string, string> = {},
): Promise<string> {
  const key = JSON.stringify([name, constants]);
  const known = built.get(key);
  if (known !== undefined) return known;
  // Loaded here, so that nobody waits for it who starts the lab without a browser.
  const { buildSync } = await import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`./${ENTRIES[name]}`, import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    define: Object.fromEntries(Object.entries(constants).map(([id, value]) => [id, JSON.stringify(value)])),
  });
  const script = outputFiles[0]?.text ?? "";
  built.set(key, script);
  return script;
}

/** Whether there is a script of that name. */
export function isScriptName(name: string | undefined): name is ScriptName {
  return name !== undefined && Object.hasOwn(ENTRIES, name);
}
