import { fileURLToPath, pathToFileURL } from "node:url";
import { findFreePort } from "@/local/free-port";
import { withAppUnderTest } from "@/scripts/app-under-test";
import type { BenchOptions } from "./bench-options";
import { type ApiWorld, openApiWorld } from "./http/api-world";
import { callAtRate } from "./http/call-at-rate";
import { type Caller, openCaller } from "./http/open-caller";
import { callForAWhile, quantile } from "./metering/measure-in-turns";
import { keepReport } from "./report";

const CALLERS = 32;
const FULL = { minutes: 5, minuteMs: 60_000, warmUpMs: 30_000 };
const SHORT = { minutes: 3, minuteMs: 3_000, warmUpMs: 2_000 };
/** What a heap may grow from the first minute to the last and be called flat: that much is noise between collections. */
const MOST_GROWTH = 0.05;
const MOST_DRIFT = 0.1;
const WATCH = pathToFileURL(fileURLToPath(new URL("soak/heap-watch.mjs", import.meta.url))).href;

type Minute = { p50Ms: number; p99Ms: number; heapMb: number; rssMb: number };

/**
 * B16: half of what it can do, for minutes: what the server keeps in memory after a full collection and how long a call
 * takes, minute by minute. Half of the calls hold a unit, half only ask, over 32 customers.
 */
export async function benchSoak(options: BenchOptions): Promise<void> {
  const { minutes, minuteMs, warmUpMs } = options.isShort ? SHORT : FULL;
  const watchPort = await findFreePort();
  const variables = {
    LOG_LEVEL: "info",
    API_REQUESTS_PER_MINUTE: "100000000",
    NODE_OPTIONS: `--import=${WATCH}`,
    HEAP_WATCH_PORT: String(watchPort),
  };
  await withAppUnderTest(variables, async (baseUrl, env) => {
    const world = await openApiWorld(env, CALLERS);
    const caller = openCaller(baseUrl, CALLERS);
    try {
      const load = mixedLoad(world, caller);
      const { perSecond } = await callForAWhile({ callers: CALLERS, work: load.work }, warmUpMs);
      const rate = perSecond / 2;
      console.log(`soak: ${rate.toFixed(0)} calls a second, half of ${perSecond.toFixed(0)}`);
      // Another round at that rate, so that what full load left behind is not taken for the first minute's.
      await callAtRate(load.work, { perSecond: rate, forMs: warmUpMs });
      const found: Minute[] = [];
      for (let minute = 1; minute <= minutes; minute += 1) {
        const latencies = await callAtRate(load.work, { perSecond: rate, forMs: minuteMs });
        const sorted = latencies.sort((a, b) => a - b);
        const memory = await readMemory(watchPort);
        found.push({ p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), ...memory });
        printMinute(minute, found.at(-1));
      }
      await world.assertConserved(load.holds());
      console.log(`  each of ${load.holds()} holds is there once, and the books add up`);
      const judged = judge(found);
      for (const line of judged) console.log(`  B16  ${line}`);
      keepReport("soak", options, { perSecond: rate, minuteMs, minutes: found, judged });
    } finally {
      caller.close();
      await world.close();
    }
  });
}

function mixedLoad(world: ApiWorld, caller: Caller): { work: () => Promise<void>; holds: () => number } {
  let turn = 0;
  let holds = 0;
  return {
    async work() {
      turn += 1;
      const customer = Math.floor(turn / 2);
      if (turn % 2 === 0) return caller.call(world.check(customer));
      await caller.call(world.reserve(customer));
      holds += 1;
    },
    holds: () => holds,
  };
}

async function readMemory(port: number): Promise<{ heapMb: number; rssMb: number }> {
  const response = await fetch(`http://127.0.0.1:${port}`);
  // What heap-watch.mjs answers.
  const { heapUsed, rss } = (await response.json()) as NodeJS.MemoryUsage;
  return { heapMb: heapUsed / 2 ** 20, rssMb: rss / 2 ** 20 };
}

function printMinute(minute: number, found: Minute | undefined): void {
  if (!found) return;
  const { p50Ms, p99Ms, heapMb, rssMb } = found;
  console.log(
    `  minute ${minute}: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, heap ${heapMb.toFixed(1)} MB, resident ${rssMb.toFixed(0)} MB`,
  );
}

function judge(minutes: Minute[]): string[] {
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (!first || !last) return [];
  const growth = last.heapMb / first.heapMb - 1;
  const drift = last.p99Ms / first.p99Ms - 1;
  return [
    `heap ${percent(growth)} from the first minute to the last (pass ≤ ${percent(MOST_GROWTH)}) ${growth <= MOST_GROWTH ? "✓" : "✗"}`,
    `p99 ${percent(drift)} from the first minute to the last (pass ≤ ${percent(MOST_DRIFT)}) ${drift <= MOST_DRIFT ? "✓" : "✗"}`,
  ];
}

function percent(share: number): string {
  return `${share >= 0 ? "+" : ""}${(100 * share).toFixed(1)} %`;
}
