import { z } from "zod";

/**
 * A form of our own as the API takes it: the same schema, its members named in snake_case. Names that are data, as the
 * keys of a record, stay as they are. The compiler knows none of the new names; `fromSnakeCase` gives the old ones back.
 */
export function snakeCaseSchema(schema: z.ZodObject): z.ZodObject<Record<never, z.core.$ZodType>> {
  const members = Object.entries(schema.def.shape).map(([name, member]) => [
    toSnakeCase(name),
    withSnakeCase(member),
  ]);
  return schema.clone({ ...schema.def, shape: Object.fromEntries(members) });
}

/** What such a schema took, named as `schema` itself names it. */
export function fromSnakeCase(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return fromSnakeCase(schema.def.innerType, value);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => fromSnakeCase(schema.def.element, item));
  if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null) return value;
  const given = new Map(Object.entries(value));
  const members = Object.entries(schema.def.shape).flatMap(([name, member]) =>
    given.has(toSnakeCase(name)) ? [[name, fromSnakeCase(member, given.get(toSnakeCase(name)))]] : [],
  );
  return Object.fromEntries(members);
}

export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function withSnakeCase(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) return snakeCaseSchema(schema);
  if (schema instanceof z.ZodArray)
    return schema.clone({ ...schema.def, element: withSnakeCase(schema.def.element) });
  if (schema instanceof z.ZodOptional)
    return schema.clone({ ...schema.def, innerType: withSnakeCase(schema.def.innerType) });
  if (schema instanceof z.ZodNullable)
    return schema.clone({ ...schema.def, innerType: withSnakeCase(schema.def.innerType) });
  return schema;
}
