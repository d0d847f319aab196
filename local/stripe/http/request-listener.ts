import type { IncomingMessage, RequestListener } from "node:http";
import { isLoopbackHost } from "@/local/http-server";
import { handleCreditNotePdf } from "@/local/stripe/hosted-credit-note/handle-credit-note-pdf";
import { handleReceiptPage } from "@/local/stripe/hosted-receipt/handle-receipt-page";
import { handleDashboardPage } from "@/local/stripe/lab/dashboard/handle-dashboard-page";
import type { Lab } from "@/local/stripe/lab/lab";
import { handleLabRequest } from "@/local/stripe/lab/lab-api";
import { handleStripeJs, isStripeJsPath } from "@/local/stripe/stripe-js/handle-stripe-js";
import { runDueWork } from "@/local/stripe/time/run-due-work";
import { type Answer, jsonAnswer, writeAnswer } from "./answer";
import { answerPreflight, readableByPages } from "./cross-origin";
import type { ApiServer } from "./handle-api-request";
import { isHostedPage } from "./hosted-pages";
import { readBody } from "./read-body";
import { StripeApiError } from "./stripe-api-error";

export type StripeServer = ApiServer &
  Lab & {
    /** Does what fell due and starts what is to be delivered, on its own account. */
    catchUp(): void;
  };

/** Browsers ask for one with every page; a refusal would only look like an error in their console. */
const NO_ICON: Answer = { status: 204, headers: {}, body: "" };

/** The client went away while it was still sending; there is nobody to answer. */
const LOST_REQUEST: Answer = { status: 400, headers: {}, body: "", isDropped: true };

/** Answers everything the server is asked. */
export function createRequestListener(server: StripeServer): RequestListener {
  return (request, response) => {
    answer(server, request)
      .catch((error: unknown) => (request.destroyed && !request.complete ? LOST_REQUEST : asAnswer(error)))
      .then((reply) => {
        writeAnswer(response, readableByPages(request, reply));
        if (isAdvance(request)) finishAdvance(server);
        server.kick();
      });
  };
}

/** A test clock advances once its caller was told that it does; nobody has to ask for it to happen. */
function isAdvance({ method, url }: IncomingMessage): boolean {
  return method === "POST" && /^\/v1\/test_helpers\/test_clocks\/[^/]+\/advance$/.test(url ?? "");
}

function finishAdvance(server: StripeServer): void {
  setImmediate(() => {
    if (server.store.db.isOpen) server.catchUp();
  });
}

async function answer(server: StripeServer, request: IncomingMessage): Promise<Answer> {
  // Another name for this machine would let a web page reach it through the visitor's browser.
  if (!isLoopbackHost(request)) {
    const message = "The local Stripe answers to loopback hosts only.";
    throw new StripeApiError(400, { type: "invalid_request_error", message });
  }
  const preflight = answerPreflight(request);
  if (preflight) return preflight;
  const url = readUrl(request.url ?? "/");
  const method = request.method ?? "GET";
  const body = method === "GET" ? "" : await readBody(request);
  const { authorization } = request.headers;
  runDueWork(server.store, server.baseUrl, server.clock.now());
  if (url.pathname.startsWith("/lab/")) {
    return handleLabRequest(server, { method, url, body, authorization });
  }
  // What these show is only read, so that a recording has no need of them.
  if (url.pathname.startsWith("/receipts/")) return handleReceiptPage(server, url);
  if (url.pathname.startsWith("/credit_notes/")) return handleCreditNotePdf(server, url);
  if (isStripeJsPath(url.pathname)) return handleStripeJs(server, { method, url, body, authorization });
  if (isHostedPage(url.pathname)) return server.openPage({ method, url, body });
  if (url.pathname === "/" || url.pathname === "/dashboard" || url.pathname.startsWith("/dashboard/")) {
    const { origin, host } = request.headers;
    return handleDashboardPage(server, { method, url, body, origin, host });
  }
  if (url.pathname === "/favicon.ico") return NO_ICON;
  return server.callApi({
    method,
    url,
    body,
    authorization,
    idempotencyKey: readHeader(request, "idempotency-key"),
    stripeVersion: readHeader(request, "stripe-version"),
  });
}

function readUrl(target: string): URL {
  if (URL.canParse(target, "http://local")) return new URL(target, "http://local");
  throw new StripeApiError(400, { type: "invalid_request_error", message: "The URL cannot be read." });
}

function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value || undefined;
}

function asAnswer(error: unknown): Answer {
  if (error instanceof StripeApiError) return jsonAnswer(error.status, { error: error.body });
  console.error("The local Stripe failed:", error);
  return jsonAnswer(500, {
    error: { type: "api_error", message: "The local Stripe failed; its output says more." },
  });
}
