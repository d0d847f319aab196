import type { Context } from "@/lib/context";
import { type CsvCell, csvRow } from "@/lib/domain/csv";
import type { PageRequest } from "@/lib/domain/page";
import { logError } from "@/lib/log";
import { listUsageEvents, type UsageEventSummary, type UsageFilter } from "./list-usage-events";

/** Read and sent together: no more than two of these are in memory, however long the history is. */
const EVENTS_AT_ONCE = 1_000;

const COLUMNS: { name: string; cell: (event: UsageEventSummary) => CsvCell }[] = [
  { name: "occurred_at", cell: ({ occurredAt }) => occurredAt.toISOString() },
  { name: "id", cell: ({ id }) => id },
  { name: "reservation_id", cell: ({ reservationId }) => reservationId },
  { name: "user_id", cell: ({ userId }) => userId },
  { name: "meter", cell: ({ meter }) => meter },
  { name: "quantity", cell: ({ quantity }) => quantity },
  { name: "allowance_units", cell: ({ paidBy }) => paidBy.allowance },
  { name: "credit_units", cell: ({ paidBy }) => paidBy.creditUnits },
  { name: "credits", cell: ({ paidBy }) => paidBy.credits },
  { name: "overage_units", cell: ({ paidBy }) => paidBy.overage },
  { name: "uncovered_units", cell: ({ paidBy }) => paidBy.uncovered },
  { name: "credit_sequence", cell: ({ creditSequence }) => creditSequence },
  { name: "held", cell: ({ held }) => held },
  { name: "released", cell: ({ released }) => released },
  { name: "windows", cell: ({ windows }) => windows.map(({ window }) => window).join(" ") },
  { name: "source", cell: ({ source }) => source },
  { name: "model", cell: ({ model }) => model },
  { name: "request_id", cell: ({ requestId }) => requestId },
  { name: "price_version", cell: ({ priceVersion }) => priceVersion },
  { name: "details", cell: ({ details }) => JSON.stringify(details) },
];

/**
 * A customer's uses as CSV in UTF-8, newest first, streamed: read no faster than it is taken. (S2-34)
 * @throws what reading the first of them throws. What fails later breaks the stream off, so that a part is never taken
 *   for the whole.
 */
export async function exportUsageEvents(
  ctx: Pick<Context, "db">,
  { customerId, filter }: { customerId: string; filter: UsageFilter },
): Promise<ReadableStream<Uint8Array>> {
  const read = (after: PageRequest["after"]) =>
    listUsageEvents(ctx, { customerId, filter, page: { limit: EVENTS_AT_ONCE, after } });
  const encoder = new TextEncoder();
  let page = await read(null);
  let text = csvRow(COLUMNS.map(({ name }) => name));
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        text += page.items.map((event) => csvRow(COLUMNS.map(({ cell }) => cell(event)))).join("");
        controller.enqueue(encoder.encode(text));
        if (!page.next) {
          controller.close();
          return;
        }
        text = "";
        page = await read(page.next).catch((error: unknown) => {
          logError("usage.export_failed", error, { customer_id: customerId });
          throw error;
        });
      },
    },
    { highWaterMark: 0 },
  );
}
