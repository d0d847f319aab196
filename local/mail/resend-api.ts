import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import { LOCAL_CREDENTIALS } from "@/local/credentials";

import type { Mail, MailDraft } from "./mail";
import type { MailStore } from "./mail-store";
import { parseMail } from "./parse-mail";
import { type ResendError, resendError } from "./resend-error";

export type ApiRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
export type ApiAnswer = { status: number; body: unknown };

const MAX_BATCH = 100;
const MAX_KEY_LENGTH = 256;

/** Answers Resend's API: `POST /emails`, `POST /emails/batch`, `GET /emails/:id`. */
export function answerResendApi(store: MailStore, request: ApiRequest): ApiAnswer {
  const unauthorized = findAuthorizationError(request.headers);
  if (unauthorized !== null) return failure(unauthorized);
  const [, id] = /^\/emails\/([^/]+)$/.exec(request.path) ?? [];
  if (request.path === "/emails" || id === "batch") {
    if (request.method !== "POST")
      return failure(resendError("method_not_allowed", "Use POST on this endpoint."));
    return id === "batch" ? sendBatch(store, request) : sendOne(store, request);
  }
  if (id === undefined) return failure(resendError("not_found", "The requested endpoint does not exist."));
  if (request.method !== "GET")
    return failure(resendError("method_not_allowed", "Use GET on this endpoint."));
  const mail = store.find(id);
  return mail === null
    ? failure(resendError("not_found", "Email not found"))
    : { status: 200, body: toResource(mail) };
}

export function failure(error: ResendError): ApiAnswer {
  return { status: error.statusCode, body: error };
}

function findAuthorizationError(headers: IncomingHttpHeaders): ResendError | null {
  const key = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? "")?.[1];
  if (key === undefined) {
    return resendError(
      "missing_api_key",
      "Missing API key in the authorization header. Include `Authorization: Bearer re_local`.",
    );
  }
  return key === LOCAL_CREDENTIALS.resendApiKey ? null : resendError("invalid_api_key", "API key is invalid");
}

function sendOne(store: MailStore, request: ApiRequest): ApiAnswer {
  const body = parseJson(request.body);
  const parsed = parseMail(body);
  if (!parsed.ok) return failure(parsed.error);
  return sendOnce(store, request, body, [parsed.draft], ([id]) => ({ id }));
}

/** Strict, as by default, refuses the whole batch for one bad mail; permissive sends the others and lists the bad. */
function sendBatch(store: MailStore, request: ApiRequest): ApiAnswer {
  const body = parseJson(request.body);
  if (!Array.isArray(body) || body.length === 0) {
    return failure(resendError("validation_error", "The body must be a JSON array of emails."));
  }
  if (body.length > MAX_BATCH) {
    return failure(resendError("validation_error", `A batch must not have more than ${MAX_BATCH} emails.`));
  }
  const isPermissive = request.headers["x-batch-validation"] === "permissive";
  const drafts: MailDraft[] = [];
  const errors: { index: number; message: string }[] = [];
  for (const [index, item] of body.entries()) {
    const parsed = parseMail(item);
    if (parsed.ok) drafts.push(parsed.draft);
    else if (isPermissive) errors.push({ index, message: parsed.error.message });
    else return failure(parsed.error);
  }
  return sendOnce(store, request, body, drafts, (ids) => ({
    data: ids.map((id) => ({ id })),
    ...(isPermissive ? { errors } : {}),
  }));
}

/** Sends, or repeats the answer given to the same request under the same `Idempotency-Key`. */
function sendOnce(
  store: MailStore,
  request: ApiRequest,
  body: unknown,
  drafts: MailDraft[],
  toBody: (ids: string[]) => unknown,
): ApiAnswer {
  const key = request.headers["idempotency-key"]?.toString();
  if (key === undefined) return { status: 200, body: toBody(store.add(drafts, null).map((mail) => mail.id)) };
  if (key.length < 1 || key.length > MAX_KEY_LENGTH) {
    const message = `The idempotency key must be between 1 and ${MAX_KEY_LENGTH} characters.`;
    return failure(resendError("invalid_idempotency_key", message));
  }
  const fingerprint = createHash("sha256")
    .update(`${request.path}\n${JSON.stringify(body)}`)
    .digest("hex");
  const sent = store.findSentUnderKey(key);
  if (sent === null) {
    const mails = store.add(drafts, { key, fingerprint });
    return { status: 200, body: toBody(mails.map((mail) => mail.id)) };
  }
  if (sent.fingerprint !== fingerprint) {
    const message = "This idempotency key has already been used on a request that had a different payload.";
    return failure(resendError("invalid_idempotent_request", message));
  }
  return { status: 200, body: toBody(sent.ids) };
}

function toResource(mail: Mail): unknown {
  const orNull = (list: string[]) => (list.length > 0 ? list : null);
  const { headers: _headers, attachments: _attachments, ...shown } = mail;
  return {
    object: "email",
    ...shown,
    message_id: `<${mail.id}@local>`,
    cc: orNull(mail.cc),
    bcc: orNull(mail.bcc),
    reply_to: orNull(mail.reply_to),
    last_event: "delivered",
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
