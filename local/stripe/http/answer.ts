import type { ServerResponse } from "node:http";

/** What a handler gives back to the server to write. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** Close the connection without answering, as a lost network would. */
  isDropped?: boolean;
};

/** JSON, never cached. */
export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", ...headers },
    body: JSON.stringify(value),
  };
}

/** A page of our own. The policy lets it run no script at all and load nothing from elsewhere. */
export function htmlAnswer(status: number, html: string): Answer {
  return {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      "Referrer-Policy": "no-referrer",
    },
    body: html,
  };
}

/** A PDF file, shown in the browser and saved under the name. */
export function pdfAnswer(file: Buffer, name: string): Answer {
  return {
    status: 200,
    headers: {
      "Content-Type": "application/pdf",
      "Content-Disposition": `inline; filename="${name.replaceAll(/[^\w.-]/g, "_")}"`,
      "Cache-Control": "no-store",
    },
    body: file,
  };
}

/** Sends the browser on with a GET. */
export function seeOther(location: string): Answer {
  return { status: 303, headers: { Location: location, "Cache-Control": "no-store" }, body: "" };
}

/** Sends the answer, or drops the connection as it asks. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  if (answer.isDropped) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, {
    ...answer.headers,
    "Content-Length": String(Buffer.byteLength(answer.body)),
  });
  response.end(answer.body);
}
