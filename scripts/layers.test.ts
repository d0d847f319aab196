import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The layer rules stand in biome.json; here each is shown to bite, and what is allowed to pass. */
const FORBIDDEN = [
  ["lib/domain", "@/lib/services/usage/get-usage"],
  ["lib/domain", "@/lib/db/client"],
  ["lib/domain", "@/lib/context"],
  ["lib/domain", "node:fs"],
  ["lib/domain", "react"],
  ["catalogues", "@/lib/db/client"],
  ["lib/services/usage", "@/lib/http/routes"],
  ["lib/services/usage", "next/navigation"],
  ["lib/services/usage", "@/local/credentials"],
  ["lib/stripe", "@/lib/db/client"],
  ["lib/stripe", "@/lib/services/usage/get-usage"],
  ["lib/auth", "@/lib/stripe/client"],
  ["lib/email", "@/lib/db/client"],
  ["lib/http", "@/components/button"],
  ["components", "@/lib/services/usage/get-usage"],
  ["components", "@/lib/env"],
  ["emails", "@/lib/db/client"],
  ["app", "@/lib/db/client"],
  ["app", "@/local/credentials"],
  ["app/api/x", "../y"],
  ["local/stripe", "../service"],
] as const;

const ALLOWED = [
  ["lib/domain", "@/lib/domain/money"],
  ["lib/domain", "./money"],
  ["lib/services/usage", "@/lib/domain/money"],
  ["lib/services/usage", "@/lib/db/client"],
  ["lib/auth", "@/lib/db/client"],
  ["lib/email", "@/emails/sign-in-link"],
  ["components", "@/lib/domain/money"],
  ["app", "@/lib/services/usage/get-usage"],
  ["local/stripe", "@/local/service"],
] as const;

let folder: string;
let refused: Set<string>;

/** One file per case, linted by the project's own configuration in one run. */
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "layers-"));
  cpSync("biome.json", path.join(folder, "biome.json"));
  cpSync(".gitignore", path.join(folder, ".gitignore"));
  mkdirSync(path.join(folder, ".git"));
  for (const [from, imported] of [...FORBIDDEN, ...ALLOWED]) {
    mkdirSync(path.join(folder, from), { recursive: true });
    writeFileSync(
      path.join(folder, fileOf(from, imported)),
      `import { x } from "${imported}";\nexport const y = x;\n`,
    );
  }
  const biome = path.resolve("node_modules/.bin/biome");
  const { stdout, stderr } = spawnSync(
    biome,
    ["lint", "--only=style/noRestrictedImports", "--reporter=github", "--max-diagnostics=none"],
    { cwd: folder, encoding: "utf8" },
  );
  const files = `${stdout}${stderr}`.matchAll(/noRestrictedImports,file=([^,]+)/g);
  refused = new Set([...files].map(([, file = ""]) => path.relative(folder, file)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(from: string, imported: string): string {
  return `${from}/imports-${imported.replaceAll(/\W+/g, "-")}.ts`;
}

describe("dependencies point one way", () => {
  test.each(FORBIDDEN)("%s may not import %s", (from, imported) => {
    expect(refused).toContain(fileOf(from, imported));
  });

  test.each(ALLOWED)("%s may import %s", (from, imported) => {
    expect(refused).not.toContain(fileOf(from, imported));
  });
});
