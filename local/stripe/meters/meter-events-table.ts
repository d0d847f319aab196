import type { Context } from "@/local/stripe/context";
import { queryRows, runSql } from "@/local/stripe/store/store";

/** One report of usage, as it is kept. `value` is a decimal. */
export type MeterEventRow = {
  identifier: string;
  meter: string;
  customer: string;
  at: number;
  receivedAt: number;
  value: string;
};

const COLUMNS = "identifier, meter, customer, at, received_at as receivedAt, value";

/** Adds a report. */
export function insertMeterEvent(context: Context, row: MeterEventRow): void {
  const sql =
    "insert into meter_events (identifier, meter, customer, at, received_at, value) values (?, ?, ?, ?, ?, ?)";
  const { identifier, meter, customer, at, receivedAt, value } = row;
  runSql(context.store, sql, identifier, meter, customer, at, receivedAt, value);
}

/** The report with the identifier, canceled or not. */
export function findMeterEvent(
  context: Context,
  identifier: string,
): (MeterEventRow & { canceled: number }) | null {
  const sql = `select ${COLUMNS}, canceled from meter_events where identifier = ?`;
  return queryRows<MeterEventRow & { canceled: number }>(context.store, sql, identifier)[0] ?? null;
}

/** Takes a report out of every sum. Its identifier stays taken. */
export function cancelMeterEvent(context: Context, identifier: string): void {
  runSql(context.store, "update meter_events set canceled = 1 where identifier = ?", identifier);
}

/** What was reported from `start` on and before `end`, in the order of its time, then of its arrival. */
export function listMeterEvents(
  context: Context,
  { meter, customer, start, end }: { meter: string; customer: string; start: number; end: number },
): MeterEventRow[] {
  const sql = `select ${COLUMNS} from meter_events
    where meter = ? and customer = ? and at >= ? and at < ? and canceled = 0 order by at, seq`;
  return queryRows<MeterEventRow>(context.store, sql, meter, customer, start, end);
}
