import type Stripe from "stripe";
import { renderNoticePage } from "@/local/stripe/hosted-checkout/render-notice-page";
import { pathOf } from "@/local/stripe/hosted-invoice/path-of";
import { type Answer, htmlAnswer, pdfAnswer } from "@/local/stripe/http/answer";
import type { ApiServer } from "@/local/stripe/http/handle-api-request";
import { findObject } from "@/local/stripe/store/store";
import { readReceipt } from "./read-receipt";
import { renderReceiptPage } from "./render-receipt-page";

/** Serves a charge's `receipt_url`, and the same as a PDF at `…/pdf`. */
export async function handleReceiptPage({ store }: ApiServer, url: URL): Promise<Answer> {
  const [, , id = ""] = url.pathname.split("/");
  const charge = findObject(store, "charge", id);
  const path = charge && receiptPath(charge);
  if (!charge || path === null) return unknownReceipt();
  if (url.pathname === path)
    return htmlAnswer(200, renderReceiptPage(store, readReceipt(store, charge), path));
  if (url.pathname !== `${path}/pdf`) return unknownReceipt();
  // Loaded when first asked for: reading fonts takes longer than the whole server takes to start.
  const { renderReceiptPdf } = await import("./render-receipt-pdf");
  return pdfAnswer(await renderReceiptPdf(store, readReceipt(store, charge)), `receipt-${charge.id}.pdf`);
}

/** Where the charge's receipt is on this server, or null when it has none. */
export function receiptPath({ receipt_url: link }: Stripe.Charge): string | null {
  return link === null ? null : pathOf(link);
}

function unknownReceipt(): Answer {
  const message =
    "This link leads to no receipt. It may have been copied in part, or the local Stripe was reset.";
  return htmlAnswer(404, renderNoticePage({ title: "Receipt not found", message, link: null }));
}
