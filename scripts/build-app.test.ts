import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { hashSources } from "./build-app";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollkeeper-sources-"));
  mkdirSync(join(folder, "app/pricing"), { recursive: true });
  mkdirSync(join(folder, "lib/generated"), { recursive: true });
  writeFileSync(join(folder, "app/pricing/page.tsx"), "1");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function hash(): string {
  return hashSources([join(folder, "app"), join(folder, "lib"), join(folder, "absent")]);
}

test.each([
  ["a changed file", "app/pricing/page.tsx", "2"],
  ["a new file", "lib/new.ts", ""],
])("%s asks for a new build", (_case, file, text) => {
  const before = hash();
  writeFileSync(join(folder, file), text);
  expect(hash()).not.toBe(before);
});

test.each([
  ["a test", "app/pricing/page.test.tsx"],
  ["generated code", "lib/generated/client.ts"],
  ["a file touched but not changed", "app/pricing/page.tsx"],
])("%s asks for none", (_case, file) => {
  const before = hash();
  writeFileSync(join(folder, file), "1");
  expect(hash()).toBe(before);
});
