import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PRESETS, readPreset } from "@/catalogues/read-preset";
import { parseCatalogue } from "@/lib/domain/catalogue";
import { diffCatalogues } from "@/lib/domain/catalogue-diff";
import { normalizeCatalogue } from "@/lib/domain/normalize-catalogue";
import { catalogueEdits, edited } from "@/local/testing/catalogue-edits";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { exportCatalogue } from "./export-catalogue";
import { publishCatalogue } from "./publish-catalogue";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const revisions = () =>
  world.ctx.db.catalogue.findMany({ select: { key: true, revision: true, publishedAt: true } });

test.each(Object.keys(PRESETS))("what %s says comes out of the database as it went in", async (key) => {
  const preset = readPreset(key);
  // Another catalogue was published before: what it left behind is not this one's.
  await publishCatalogue(world.ctx, {
    catalogue: readPreset(key === "community" ? "learning" : "community"),
  });
  await publishCatalogue(world.ctx, { catalogue: preset });
  const exported = await exportCatalogue(world.ctx);
  expect(normalizeCatalogue(parseCatalogue(exported))).toEqual(normalizeCatalogue(preset));
  const before = await revisions();
  expect(await publishCatalogue(world.at("2026-03-13T00:00:00Z"), { catalogue: exported })).toEqual([]);
  expect(await revisions()).toEqual(before);
});

test("a plan says no more than a file would: what goes without saying is left out", async () => {
  await publishCatalogue(world.ctx, { catalogue: readPreset("learning") });
  const { plans, meters } = await exportCatalogue(world.ctx);
  expect(meters).toEqual([{ key: "ai_requests", name: "AI requests", unit: "requests", kind: "counter" }]);
  expect(plans[0]).toEqual(readPreset("learning").plans[0]);
});

test("whatever is published one after the other, what comes out says the same as the last", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("community", "ticketing"), catalogueEdits(6), async (key, edits) => {
      const catalogue = edited(readPreset(key), edits);
      await publishCatalogue(world.ctx, { catalogue });
      expect(diffCatalogues(await exportCatalogue(world.ctx), catalogue)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
