import type { Db } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import type { Floors } from "./floors";
import { type Contender, type Figures, measureInTurns } from "./measure-in-turns";
import type { MeteringWorld } from "./metering-world";

/** What every measurement of metering has at hand. */
export type Measuring = {
  world: MeteringWorld;
  floors: Floors;
  /** A Redis in a process of its own. */
  redisUrl: string;
  rounds: { rounds: number; roundMs: number };
  /** Reservations that were answered, to be found in the books afterwards. */
  answered: { count: number };
};

export const CALLERS = 32;

/** Holds one unit of the customer. */
export async function reserve(
  { answered }: Pick<Measuring, "answered">,
  db: Db,
  customerId: string,
): Promise<{ id: string }> {
  const reservation = await reserveUsage(
    { db, now: new Date() },
    { customerId, userId: null, meter: "ai_requests", quantity: 1, key: newId() },
  );
  answered.count += 1;
  return reservation;
}

export async function figuresOf<Names extends Contender[]>(
  { rounds }: Pick<Measuring, "rounds">,
  contenders: [...Names],
): Promise<{ [Index in keyof Names]: Figures }> {
  const figures = await measureInTurns(contenders, rounds);
  return figures as { [Index in keyof Names]: Figures }; // one for each contender, in their order
}
