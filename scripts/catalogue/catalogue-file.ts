import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { extname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Catalogue, parseCatalogue } from "@/lib/domain/catalogue";
import { diffCatalogues } from "@/lib/domain/catalogue-diff";
import { CommandError } from "./command-error";

const MODULES = [".ts", ".mts", ".js", ".mjs"];

/**
 * The catalogue in a file: JSON, or a module of which one export is a catalogue, as the presets are.
 * @throws CommandError naming the file, and in it the path of each defect.
 */
export async function readCatalogueFile(file: string): Promise<Catalogue> {
  const path = resolveGiven(file);
  if (!existsSync(path)) throw new CommandError(2, `There is no file ${shown(path)}.`);
  const content = extname(path) === ".json" ? readJson(path) : await readModule(path);
  try {
    return parseCatalogue(content);
  } catch (error) {
    throw new CommandError(1, `${shown(path)}: ${messageOf(error)}`);
  }
}

/**
 * Writes a catalogue in a form that can be read back, whole or not at all. A file that promises the same already stays
 * as it is, with its comments and marks.
 * @returns what was done, as a sentence.
 * @throws CommandError when the file is there and is no catalogue.
 */
export async function writeCatalogueFile(file: string, catalogue: Catalogue): Promise<string> {
  const path = resolveGiven(file);
  checkExtension(path);
  const isThere = existsSync(path);
  if (isThere) {
    const present = await readCatalogueFile(file).catch((error: unknown) => {
      const reason = "is there already and cannot be read as a catalogue: name another file, or delete it.";
      throw new CommandError(1, `${shown(path)} ${reason}\n${messageOf(error)}`);
    });
    if (diffCatalogues(present, catalogue).length === 0)
      return `${shown(path)} says what is published already: left as it is.`;
  }
  const text = extname(path) === ".json" ? `${catalogueAsJson(catalogue)}\n` : catalogueAsModule(catalogue);
  writeWhole(path, text);
  return isThere
    ? `${shown(path)} is written anew; its comments and source marks are gone.`
    : `${shown(path)} is written.`;
}

function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.unfinished`;
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, path);
  } catch (error) {
    throw new CommandError(2, `${shown(path)} cannot be written: ${messageOf(error)}`);
  }
}

export function catalogueAsJson(catalogue: Catalogue): string {
  return JSON.stringify(catalogue, null, 2);
}

function catalogueAsModule(catalogue: Catalogue): string {
  const name = catalogue.key.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  // A member's name stands at the beginning of its line, and JSON's texts have no line ends.
  const literal = catalogueAsJson(catalogue).replace(/^( *)"([A-Za-z_]\w*)":/gm, "$1$2:");
  const isName = /^[a-z]/.test(name);
  return [
    'import type { Catalogue } from "@/lib/domain/catalogue";',
    "",
    `export const ${isName ? name : "catalogue"}: Catalogue = ${literal};`,
    "",
  ].join("\n");
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CommandError(1, `${shown(path)} cannot be read as JSON: ${messageOf(error)}`);
  }
}

async function readModule(path: string): Promise<unknown> {
  checkExtension(path);
  const exported = await importModule(path);
  const catalogues = [...new Set(Object.values(exported))].filter(
    (value) => typeof value === "object" && value !== null && "plans" in value,
  );
  if (catalogues.length === 1) return catalogues[0];
  const names = Object.keys(exported).join(", ") || "nothing";
  throw new CommandError(
    1,
    `${shown(path)} must export one catalogue, and ${catalogues.length} of its exports are such (it exports ${names}).`,
  );
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw new CommandError(1, `${shown(path)} cannot be read: ${messageOf(error)}`);
  }
}

function checkExtension(path: string): void {
  const known = [".json", ...MODULES];
  if (!known.includes(extname(path)))
    throw new CommandError(
      2,
      `${shown(path)} is none of the files a catalogue can be in: ${known.join(", ")}.`,
    );
}

/** From where the command was given: npm runs it in the project's root. */
function resolveGiven(file: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
