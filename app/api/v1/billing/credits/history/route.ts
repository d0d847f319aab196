import { creditEntryJson } from "@/lib/http/metering-json";
import { CreditEntryAnswer } from "@/lib/http/metering-schemas";
import { pageJson, pageOf, pageRequest, SequencePageQuery } from "@/lib/http/pagination";
import { apiRoute } from "@/lib/http/routes";
import { listCreditEntries } from "@/lib/services/credits/list-credit-entries";

/** What changed the customer's credits, newest first. (S1-75) */
export const GET = apiRoute(
  {
    id: "listCreditEntries",
    summary: "What changed the customer's credits, newest first",
    scope: "billing:read",
    query: SequencePageQuery,
    answer: pageOf(CreditEntryAnswer),
  },
  async (ctx, { customerId }, { query }) =>
    pageJson(await listCreditEntries(ctx, { customerId, page: pageRequest(query) }), creditEntryJson),
);
