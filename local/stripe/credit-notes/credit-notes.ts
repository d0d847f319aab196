import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage, pageOfArray, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject } from "@/local/stripe/store/store";
import { takeBack } from "@/local/stripe/store/take-back";
import { creditNoteCreateParams, creditNoteListParams, creditNoteUpdateParams } from "./credit-note-params";
import { issueCreditNote } from "./issue-credit-note";
import { voidCreditNote } from "./void-credit-note";

/** https://docs.stripe.com/api/credit_notes */
export const creditNoteOperations = [
  operation({
    method: "POST",
    path: "/v1/credit_notes",
    params: creditNoteCreateParams,
    run: (context, params) => issueCreditNote(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/credit_notes",
    params: creditNoteListParams,
    run: (context, params) =>
      listPage(context, "/v1/credit_notes", "credit_note", params, filtersOf(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/credit_notes/preview",
    params: creditNoteCreateParams,
    run: (context, params) => takeBack(context.store, () => issueCreditNote(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/credit_notes/preview/lines",
    params: { ...creditNoteCreateParams, ...paginationParams },
    run: (context, params) => {
      const { lines } = takeBack(context.store, () => issueCreditNote(context, params));
      return pageOfArray("/v1/credit_notes/preview/lines", lines.data, params);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/credit_notes/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "credit_note", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/credit_notes/:id",
    params: creditNoteUpdateParams,
    run: (context, params, path) => updateCreditNote(context, path.id, params),
  }),
  operation({
    method: "POST",
    path: "/v1/credit_notes/:id/void",
    params: {},
    run: (context, _params, path) => voidCreditNote(context, path.id),
  }),
  operation({
    method: "GET",
    path: "/v1/credit_notes/:id/lines",
    params: paginationParams,
    run: (context, params, path) => {
      const note = getByPath(context, "credit_note", path.id);
      return pageOfArray(`/v1/credit_notes/${path.id}/lines`, note.lines.data, params);
    },
  }),
];

function updateCreditNote(
  context: Context,
  id: string,
  params: ParamsOf<typeof creditNoteUpdateParams>,
): Stripe.CreditNote {
  const before = getByPath(context, "credit_note", id);
  const note: Stripe.CreditNote = {
    ...before,
    memo: params.memo ?? before.memo,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  };
  saveAndTell(context, "credit_note", note, before, "credit_note.updated");
  return note;
}

function filtersOf(context: Context, params: ParamsOf<typeof creditNoteListParams>): ListFilter[] {
  const invoice = params.invoice === undefined ? null : findObject(context.store, "invoice", params.invoice);
  return [
    ...customerFilter(context, params.customer),
    // An invoice's credit notes are its customer's, which is what the store can find quickly.
    ...(invoice?.customer ? [ofCustomer(idOf(invoice.customer))] : []),
    ...(params.invoice === undefined ? [] : [fieldEquals("$.invoice", params.invoice)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}
