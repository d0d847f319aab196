import type { IncomingMessage } from "node:http";
import { StripeApiError } from "./stripe-api-error";

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a request body as text.
 * @throws StripeApiError 413 above one megabyte.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // The rest is read and dropped: a client that is cut off while sending never sees the refusal.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (size > MAX_BODY_BYTES * 16) break;
  }
  if (size > MAX_BODY_BYTES) {
    throw new StripeApiError(413, {
      type: "invalid_request_error",
      message: "The request body is larger than 1 MB.",
    });
  }
  return Buffer.concat(chunks).toString("utf8");
}
