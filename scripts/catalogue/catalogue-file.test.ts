import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { learning } from "@/catalogues/learning";
import { PRESETS, readPreset } from "@/catalogues/read-preset";
import type { Catalogue } from "@/lib/domain/catalogue";
import { readCatalogueFile, writeCatalogueFile } from "./catalogue-file";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "catalogue-file-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text?: string) => {
  const full = path.join(folder, name);
  if (text !== undefined) writeFileSync(full, text);
  return full;
};

describe.each(Object.keys(PRESETS))("%s", (key) => {
  test.each(["json", "ts"])("is read back from a .%s file as it was written", async (extension) => {
    const written = file(`${key}.${extension}`);
    expect(await writeCatalogueFile(written, readPreset(key))).toMatch(/is written\.$/);
    expect(await readCatalogueFile(written)).toEqual(readPreset(key));
  });

  test("is read from its own file", async () => {
    expect(await readCatalogueFile(path.resolve(`catalogues/${key}.ts`))).toEqual(readPreset(key));
  });
});

describe("a file that is there", () => {
  test("stays as it is when it promises the same", async () => {
    const marked: Catalogue = {
      ...learning,
      plans: learning.plans.map((plan) => ({ ...plan, source: "ours" })),
    };
    const same = file("same.json", JSON.stringify(marked));
    expect(await writeCatalogueFile(same, learning)).toMatch(/left as it is/);
    expect(readFileSync(same, "utf8")).toContain('"source"');
  });

  test("is written anew when it promises something else, and nothing is left lying about", async () => {
    const other = file("other.json", JSON.stringify({ ...learning, name: "Other" }));
    expect(await writeCatalogueFile(other, learning)).toMatch(/is written anew/);
    expect(await readCatalogueFile(other)).toEqual(learning);
    expect(readdirSync(folder).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  test("is left alone when it is no catalogue", async () => {
    const precious = file("package.json", '{"name":"precious"}');
    await expect(writeCatalogueFile(precious, learning)).rejects.toThrow(/cannot be read as a catalogue/);
    expect(readFileSync(precious, "utf8")).toBe('{"name":"precious"}');
  });
});

test.each<[string, string | undefined, RegExp]>([
  ["missing.json", undefined, /There is no file .*missing\.json/],
  ["broken.json", "{", /broken\.json cannot be read as JSON/],
  ["list.json", "[]", /list\.json: The catalogue is not valid/],
  ["free.json", JSON.stringify({ ...learning, plans: [] }), /plans: must have a plan that is free of charge/],
  [
    "none.js",
    "export const a = 1;",
    /none\.js must export one catalogue, and 0 of its exports are such \(it exports a\)/,
  ],
  ["two.js", "export const a = { plans: 1 }, b = { plans: 2 };", /and 2 of its exports are such/],
  ["throws.js", "throw new Error('no way');", /throws\.js cannot be read: no way/],
  ["catalogue.yaml", "a: 1", /catalogue\.yaml is none of the files a catalogue can be in: \.json, \.ts/],
])("%s is refused by name", async (name, text, message) => {
  await expect(readCatalogueFile(file(name, text))).rejects.toThrow(message);
});
