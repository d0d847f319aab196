import { expect, test } from "vitest";
import { z } from "zod";
import { PRESETS } from "@/catalogues/read-preset";
import { CatalogueSchema } from "@/lib/domain/catalogue-schema";
import { fromSnakeCase, snakeCaseSchema, toSnakeCase } from "./snake-case-schema";

const Form = z.strictObject({
  isOn: z.boolean(),
  someTiers: z
    .array(z.strictObject({ upTo: z.int().nullable() }))
    .min(1, "needs one")
    .optional(),
  byKey: z.record(z.string(), z.int()),
});
const Snake = snakeCaseSchema(Form);

test("members are renamed at every depth, the keys of a record are not", () => {
  const value = { is_on: true, some_tiers: [{ up_to: null }], by_key: { aKey: 1, a_key: 2 } };
  expect(Snake.parse(value)).toEqual(value);
  expect(fromSnakeCase(Form, value)).toEqual({
    isOn: true,
    someTiers: [{ upTo: null }],
    byKey: { aKey: 1, a_key: 2 },
  });
});

test("what the schema refuses is refused, by the name it was sent under", () => {
  const refused = Snake.safeParse({ is_on: 1, some_tiers: [], by_key: {}, isOn: true });
  const issues = refused.error?.issues.map(({ path, message }) => [path.join("."), message]);
  expect(issues).toContainEqual(["some_tiers", "needs one"]);
  expect(issues).toContainEqual(["", 'Unrecognized key: "isOn"']);
  expect(issues?.map(([path]) => path)).toContain("is_on");
});

/** Every member of every plan we ship, renamed as a client would write it. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [toSnakeCase(name), renamed(member)]),
  );
}

test.each(Object.keys(PRESETS))("the plans of %s come back as they were", (key) => {
  const PlanSchema = CatalogueSchema.shape.plans.element;
  const form = snakeCaseSchema(PlanSchema);
  for (const plan of PRESETS[key]?.plans ?? [])
    expect(fromSnakeCase(PlanSchema, form.parse(renamed(plan)))).toEqual(plan);
});
