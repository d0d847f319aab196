import { faster, type Row } from "@/bench/report";
import { CALLERS, figuresOf, type Measuring, reserve } from "./measuring";
import { openPeers, PEER_REMARKS } from "./peers";
import { startReserveWorkers } from "./reserve-workers";

const PROCESSES = 4;

/** B1, B2: many callers at one customer, beside what one would write by hand and what others take for it. */
export async function hotCustomer(measuring: Measuring): Promise<Row[]> {
  const { world, floors, redisUrl, answered } = measuring;
  const { db, databaseUrl, hotCustomerId } = world;
  const peers = await openPeers(databaseUrl, redisUrl);
  const workers = await startReserveWorkers(databaseUrl, PROCESSES);
  try {
    const [ours, fourProcesses, single, usual, prisma, flexible, upstash] = await figuresOf(measuring, [
      { name: "reserve", callers: CALLERS, work: () => reserve(measuring, db, hotCustomerId) },
      {
        name: "reserve, four processes",
        measure: async (forMs) => {
          const measured = await workers.measure({ customerId: hotCustomerId, callers: CALLERS, forMs });
          answered.count += measured.latencies.length;
          return measured;
        },
      },
      { name: "statement", callers: 1, work: () => floors.singleStatement(hotCustomerId) },
      { name: "transaction", callers: CALLERS, work: () => floors.transaction(hotCustomerId) },
      { name: "prisma", callers: CALLERS, work: () => floors.prismaTransaction(hotCustomerId) },
      { name: "rate-limiter-flexible", callers: CALLERS, work: () => peers.flexible(hotCustomerId) },
      { name: "@upstash/ratelimit", callers: CALLERS, work: () => peers.upstash(hotCustomerId) },
    ]);
    return [
      faster("B1", "32 callers, one process, against one statement by 1", {
        ours,
        theirs: single,
        atLeast: 4,
      }),
      faster("B1x4", "32 callers in four processes, against the same", {
        ours: fourProcesses,
        theirs: single,
        atLeast: null,
        remark:
          "Calls are gathered in each process: four gather a quarter each, and take turns at the customer.",
      }),
      faster("B2", "32 callers, against the usual transaction", { ours, theirs: usual, atLeast: 15 }),
      faster("B2p", "32 callers, against it through Prisma", {
        ours,
        theirs: prisma,
        atLeast: 15,
        remark: PEER_REMARKS.prisma,
      }),
      faster("B1f", "32 callers, against rate-limiter-flexible", {
        ours,
        theirs: flexible,
        atLeast: null,
        remark: PEER_REMARKS.flexible,
      }),
      faster("B1u", "32 callers, against @upstash/ratelimit on the local Redis", {
        ours,
        theirs: upstash,
        atLeast: null,
        remark: PEER_REMARKS.upstash,
      }),
    ];
  } finally {
    workers.close();
    await peers.close();
  }
}
