import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { learning } from "@/catalogues/learning";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";

let world: TestWorld;
let folder: string;
beforeAll(async () => {
  world = await openTestWorld();
  folder = mkdtempSync(path.join(os.tmpdir(), "catalogue-"));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command as npm does, on the world of this test. */
function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const flags = [
    "--disable-warning=ExperimentalWarning",
    "--import",
    path.resolve("local/resolve-typescript.mjs"),
  ];
  const given = {
    NODE_ENV: "test" as const,
    PATH: process.env.PATH ?? "",
    DATABASE_URL: world.ctx.env.databaseUrl,
    TOLLKEEPER_LOCAL: "1",
    LOCAL_STRIPE_PORT: new URL(world.stripe.url).port,
    ...env,
  };
  return new Promise((resolve) => {
    const all = [...flags, path.resolve("scripts/catalogue/main.ts"), ...args];
    execFile(process.execPath, all, { env: given }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

const NOWHERE = "postgresql://postgres:postgres@127.0.0.1:1/nowhere";

describe("npm run catalogue", () => {
  test("validate needs no database, and ends with 1 where the file is not valid", async () => {
    expect(await run(["validate"], { DATABASE_URL: NOWHERE, CATALOGUE: "learning" })).toEqual({
      code: 0,
      output: 'the preset "learning" is valid: 3 plans, 0 packs, 1 meter, 8 features.\n',
    });
    const bad = path.join(folder, "bad.json");
    writeFileSync(bad, JSON.stringify({ ...learning, currency: "xxy" }));
    const { code, output } = await run(["validate", "--file", bad]);
    expect(code).toBe(1);
    expect(output).toContain("currency: is not a currency");
  });

  test("diff, push, pull and diff again: 1 while something differs, then 0", async () => {
    expect((await run(["diff"])).code).toBe(0);
    const file = path.join(folder, "community.ts");
    expect((await run(["pull", "--file", file])).code).toBe(0);
    const price = await world.ctx.db.price.findFirstOrThrow({ where: { amountMinor: 10_500 } });
    await world.ctx.stripe.prices.update(price.stripePriceId ?? "", { active: false });
    const differing = await run(["diff", "--file", file]);
    expect(differing.code).toBe(1);
    expect(differing.output).toContain("make it active again, which is archived at Stripe");
    const dry = await run(["push", "--file", file, "--dry-run"]);
    expect([dry.code, dry.output.includes("Nothing was changed.")]).toEqual([0, true]);
    expect((await run(["diff", "--file", file])).code).toBe(1);
    expect((await run(["push", "--file", file])).code).toBe(0);
    expect((await run(["diff", "--file", file])).code).toBe(0);
  });

  test("push does not put another catalogue in the place of the one published unless told to", async () => {
    const refused = await run(["push", "--catalogue", "learning"]);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('"community" is published here, and this is "learning"');
    expect((await run(["push", "--catalogue", "learning", "--replace"])).code).toBe(0);
    expect((await run(["diff", "--catalogue", "learning"])).code).toBe(0);
  });

  test("where it cannot be found out it ends with 2 and says how to go on", async () => {
    const away = await run(["diff"], { DATABASE_URL: NOWHERE });
    expect(away.code).toBe(2);
    expect(away.output).toMatch(/127\.0\.0\.1:1\/nowhere does not answer\. Start it with "npm start"/);
    const empty = await run(["push"], {
      DATABASE_URL: world.ctx.env.databaseUrl.replace(/\/[^/]*$/, "/postgres"),
    });
    expect(empty.code).toBe(2);
    expect(empty.output).toContain('does not have this version\'s tables yet: "npm start" makes them');
    const noStripe = await run(["diff"], { LOCAL_STRIPE_PORT: "1" });
    expect(noStripe.code).toBe(2);
    expect(noStripe.output).toContain("The payment service does not answer at the moment");
  });
});
