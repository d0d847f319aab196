import { z } from "zod";

import type { MailDraft } from "./mail";
import { type ResendError, resendError } from "./resend-error";

export type ParsedMail = { ok: true; draft: MailDraft } | { ok: false; error: ResendError };

const MAX_RECIPIENTS = 50;
const ADDRESS = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;
const ADDRESS_FORMAT =
  "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.";

const Recipients = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((value) =>
    value === null || value === undefined ? [] : Array.isArray(value) ? value : [value],
  );

const MailRequest = z.object({
  from: z.string().nullish(),
  to: Recipients,
  cc: Recipients,
  bcc: Recipients,
  reply_to: Recipients,
  subject: z.string().nullish(),
  html: z.string().nullish(),
  text: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  tags: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  attachments: z.array(z.object({ filename: z.string().nullish(), path: z.string().nullish() })).nullish(),
  scheduled_at: z.string().nullish(),
});

/** Reads the body of `POST /emails`, or one entry of a batch, and refuses what Resend refuses. */
export function parseMail(body: unknown): ParsedMail {
  const parsed = MailRequest.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join(".") ?? "";
    return fail(
      "validation_error",
      field === "" ? "The body must be a JSON object." : `Invalid \`${field}\` field.`,
    );
  }
  const request = parsed.data;
  if (!request.from) return fail("missing_required_field", "Missing `from` field.");
  if (request.to.length === 0) return fail("missing_required_field", "Missing `to` field.");
  if (!request.subject) return fail("missing_required_field", "Missing `subject` field.");
  if (!request.html && !request.text) return fail("validation_error", "Missing `html` or `text` field.");
  if (request.to.length > MAX_RECIPIENTS) {
    return fail("validation_error", `The \`to\` field must not have more than ${MAX_RECIPIENTS} items.`);
  }
  for (const field of ["from", "to", "cc", "bcc", "reply_to"] as const) {
    const wrong = [request[field] ?? []].flat().find((recipient) => !isRecipient(recipient));
    if (wrong !== undefined) return fail("validation_error", `Invalid \`${field}\` field. ${ADDRESS_FORMAT}`);
  }
  const tags = request.tags ?? [];
  if (tags.some(({ name, value }) => !/^[\w-]{1,256}$/.test(name) || !/^[\w-]{0,256}$/.test(value))) {
    return fail(
      "validation_error",
      "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
    );
  }
  return {
    ok: true,
    draft: {
      from: request.from,
      to: request.to,
      cc: request.cc,
      bcc: request.bcc,
      reply_to: request.reply_to,
      subject: request.subject,
      html: request.html ?? null,
      text: request.text ?? null,
      headers: request.headers ?? {},
      tags,
      attachments: (request.attachments ?? []).map((file) => file.filename ?? file.path ?? "file"),
      scheduled_at: request.scheduled_at ?? null,
    },
  };
}

function fail(...error: Parameters<typeof resendError>): ParsedMail {
  return { ok: false, error: resendError(...error) };
}

function isRecipient(recipient: string): boolean {
  const named = /^[^<>]*<([^<>]+)>\s*$/.exec(recipient);
  return ADDRESS.test((named?.[1] ?? recipient).trim());
}
