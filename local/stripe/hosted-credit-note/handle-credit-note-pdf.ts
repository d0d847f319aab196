import { renderNoticePage } from "@/local/stripe/hosted-checkout/render-notice-page";
import { pathOf } from "@/local/stripe/hosted-invoice/path-of";
import { type Answer, htmlAnswer, pdfAnswer } from "@/local/stripe/http/answer";
import type { ApiServer } from "@/local/stripe/http/handle-api-request";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";

/** Serves a credit note's `pdf`. https://docs.stripe.com/api/credit_notes/object#credit_note_object-pdf */
export async function handleCreditNotePdf({ store }: ApiServer, url: URL): Promise<Answer> {
  const [, , id = ""] = url.pathname.split("/");
  const note = findObject(store, "credit_note", id);
  const invoice = note && findObject(store, "invoice", idOf(note.invoice));
  if (!note || !invoice || url.pathname !== pathOf(note.pdf)) return unknownNote();
  // Loaded when first asked for: reading fonts takes longer than the whole server takes to start.
  const { renderCreditNotePdf } = await import("./render-credit-note-pdf");
  return pdfAnswer(await renderCreditNotePdf(store, note, invoice), `${note.number}.pdf`);
}

function unknownNote(): Answer {
  const message =
    "This link leads to no credit note. It may have been copied in part, or the local Stripe was reset.";
  return htmlAnswer(404, renderNoticePage({ title: "Credit note not found", message, link: null }));
}
