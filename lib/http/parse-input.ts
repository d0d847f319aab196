import type { z } from "zod";
import { AppError, type FieldError } from "@/lib/app-error";

/** More than any of our requests needs. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * The request's body as text.
 * @throws AppError `payload_too_large`, before the rest of it is read.
 */
export async function readBody(request: Request): Promise<string> {
  const tooLarge = () =>
    new AppError("payload_too_large", `The body is larger than ${MAX_BODY_BYTES / 1024} KB.`);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * A body's JSON, checked.
 * @throws AppError `malformed_request` for what is no JSON, `invalid_request` naming each field at fault.
 */
export function parseJson<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError("malformed_request", "The body is not valid JSON.");
  }
  return parseInput(json, schema);
}

/** @throws AppError `invalid_request` naming each field at fault. */
export function parseInput<Schema extends z.ZodType>(input: unknown, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.flatMap((issue) => fieldErrors(issue, []));
  throw new AppError("invalid_request", "The request is not valid.", { fields });
}

function fieldErrors(issue: z.core.$ZodIssue, within: PropertyKey[]): FieldError[] {
  const path = [...within, ...issue.path];
  // An unknown member is named itself, not the object it stands in.
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: [...path, key].join("."),
      message: "is not a parameter of this request",
    }));
  }
  const variant = issue.code === "invalid_union" ? likeliestVariant(issue.errors) : null;
  if (variant) return variant.flatMap((inner) => fieldErrors(inner, path));
  return [{ field: path.join(".") || "(body)", message: issue.message }];
}

/** Where an object may have several shapes, what is said is of the one that knows most of its members. */
function likeliestVariant(variants: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | null {
  const shapes = variants.filter((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === "unrecognized_keys"),
  );
  const unknownMembers = (issues: z.core.$ZodIssue[]) =>
    issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : [])).length;
  return shapes.sort((a, b) => unknownMembers(a) - unknownMembers(b))[0] ?? null;
}
