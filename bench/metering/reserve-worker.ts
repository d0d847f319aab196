import { openDb } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { callForAWhile } from "./measure-in-turns";

export type ReserveJob = { customerId: string; callers: number; forMs: number };
export type ReserveMessage =
  | { kind: "ready" }
  | { kind: "measured"; perSecond: number; latencies: number[] }
  | { kind: "failed"; message: string };

/** One of several servers: `reserve-worker.ts <database>`, then jobs by message. */
function main(): void {
  const db = openDb(process.argv[2] ?? "", 4, 60_000);
  process.on("message", ({ customerId, callers, forMs }: ReserveJob) => {
    const work = () =>
      reserveUsage(
        { db, now: new Date() },
        { customerId, userId: null, meter: "ai_requests", quantity: 1, key: newId() },
      );
    callForAWhile({ callers, work }, forMs).then(
      (measured) => tell({ kind: "measured", ...measured }),
      (error: unknown) => tell({ kind: "failed", message: String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
  tell({ kind: "ready" });
}

function tell(message: ReserveMessage): void {
  process.send?.(message);
}

main();
