import { timeOfCall } from "@/local/stripe/clock";
import { handleCheckoutPage } from "@/local/stripe/hosted-checkout/handle-checkout-page";
import { handleInvoicePage } from "@/local/stripe/hosted-invoice/handle-invoice-page";
import { handlePortalPage } from "@/local/stripe/hosted-portal/handle-portal-page";
import { idsOnPage, type Recorder, recordCall } from "@/local/stripe/lab/recorder";
import { handleChallengePage } from "@/local/stripe/three-d-secure/handle-challenge-page";
import type { Answer } from "./answer";
import type { ApiServer } from "./handle-api-request";

export type PageRequest = { method: string; url: URL; body: string };

/** The pages customers see, by the beginning of their paths. */
const PAGES: [
  prefix: string,
  handle: (server: ApiServer, request: PageRequest) => Answer | Promise<Answer>,
][] = [
  ["/c/pay/", handleCheckoutPage],
  ["/invoices/", handleInvoicePage],
  ["/p/session/", handlePortalPage],
  ["/3ds/", handleChallengePage],
];

/** Whether a customer's page is at this path. */
export function isHostedPage(path: string): boolean {
  return PAGES.some(([prefix]) => path.startsWith(prefix));
}

/**
 * Answers what a customer does on a page, and puts it into the recording that may be under way: a page that is only
 * looked at may be the one that takes the answer of a bank.
 */
export async function answerHostedPage(
  server: ApiServer & { recorder: Recorder },
  { method, url, body }: PageRequest,
): Promise<Answer> {
  const page = PAGES.find(([prefix]) => url.pathname.startsWith(prefix));
  if (!page) throw new Error(`No customer's page is at ${url.pathname}.`);
  const arrivedAt = server.clock.now();
  const answer = await page[1](server, { method, url, body });
  const at = timeOfCall(server.store, arrivedAt);
  const call = { at, method, path: `${url.pathname}${url.search}`, body, status: answer.status };
  const made = JSON.stringify(idsOnPage(answer));
  recordCall(server, { ...call, idempotency_key: null, publishable: false }, made);
  return answer;
}
