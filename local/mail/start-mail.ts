import { createServer, type IncomingMessage } from "node:http";

import { closeServer, isLoopbackHost, listenLocally, readBody } from "@/local/http-server";
import type { LocalService } from "@/local/service";

import { framedHtml, INBOX_SCRIPT, inboxPage, MAIL_SANDBOX, mailPage } from "./inbox-pages";
import type { Mail } from "./mail";
import { type MailStore, openMailStore } from "./mail-store";
import { answerResendApi, failure } from "./resend-api";
import { resendError } from "./resend-error";

export type MailOptions = {
  /** 0 takes a free one. */
  port: number;
  /** Null keeps mails in memory only. */
  dataDir: string | null;
};

type Page = { status: number; type: string; body: string; policy?: string };

/** Resend's own limit on a mail with its attachments. */
const MAX_BODY_BYTES = 40_000_000;

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const MAIL_POLICY = `default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline' http: https:; font-src http: https: data:; sandbox ${MAIL_SANDBOX}; frame-ancestors 'self'`;

/**
 * Starts Resend's API on 127.0.0.1 with an inbox to read in a browser (`/`) and by tests
 * (`GET /inbox?to=…`, `DELETE /inbox`). Nothing leaves the machine.
 */
export async function startMail(options: MailOptions): Promise<LocalService> {
  const store = openMailStore(options.dataDir);
  const server = createServer((request, response) => {
    void answer(store, request).then(({ status, type, body, policy }) => {
      response.writeHead(status, {
        "content-type": type,
        "content-security-policy": policy ?? PAGE_POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
      });
      response.end(body);
    });
  });
  const port = await listenLocally(server, options.port);
  return { name: "Mail", url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function answer(store: MailStore, request: IncomingMessage): Promise<Page> {
  try {
    // The mails hold sign-in links: a foreign name that resolves to this machine must not read them.
    if (!isLoopbackHost(request)) return json(403, { message: "This inbox answers on this machine only." });
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const method = request.method ?? "GET";
    if (url.pathname === "/emails" || url.pathname.startsWith("/emails/")) {
      const body = await readBody(request, MAX_BODY_BYTES);
      if (body === null)
        return json(422, failure(resendError("validation_error", "The email is too large.")).body);
      const { status, body: answered } = answerResendApi(store, {
        method,
        path: url.pathname,
        headers: request.headers,
        body,
      });
      return json(status, answered);
    }
    return answerInbox(store, method, url);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return json(500, failure(resendError("application_error", message)).body);
  }
}

function answerInbox(store: MailStore, method: string, url: URL): Page {
  const to = url.searchParams.get("to") || null;
  if (url.pathname === "/inbox" && method === "DELETE") return json(200, { removed: store.remove(to) });
  if (method !== "GET" && method !== "HEAD")
    return json(405, resendError("method_not_allowed", "Method not allowed."));
  if (url.pathname === "/") return html(200, inboxPage(store.list(to), to));
  if (url.pathname === "/inbox") return json(200, store.list(to).map(toInboxEntry));
  if (url.pathname === "/inbox.js")
    return { status: 200, type: "text/javascript; charset=utf-8", body: INBOX_SCRIPT };

  const [, id = "", frame] = /^\/mails\/([^/]+)(\/html)?$/.exec(url.pathname) ?? [];
  const mail = store.find(id);
  if (mail === null) return { status: 404, type: "text/plain; charset=utf-8", body: "No such mail.\n" };
  if (frame !== undefined) return html(200, framedHtml(mail), MAIL_POLICY);
  const view = url.searchParams.get("view");
  return html(200, mailPage(mail, view === "text" || view === "headers" ? view : "html"));
}

/** What tests read: the fields a recipient sees. */
function toInboxEntry(
  mail: Mail,
): Pick<Mail, "id" | "to" | "from" | "subject" | "html" | "text" | "created_at"> {
  const { id, to, from, subject, html: markup, text, created_at } = mail;
  return { id, to, from, subject, html: markup, text, created_at };
}

function json(status: number, body: unknown): Page {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(body) };
}

function html(status: number, body: string, policy?: string): Page {
  return { status, type: "text/html; charset=utf-8", body, policy };
}
