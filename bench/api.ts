import { withAppUnderTest } from "@/scripts/app-under-test";
import type { BenchOptions } from "./bench-options";
import { openApiWorld } from "./http/api-world";
import { callAtRate } from "./http/call-at-rate";
import { openCaller, type Target } from "./http/open-caller";
import { type Figures, measureInTurns, median, quantile } from "./metering/measure-in-turns";
import { faster, keepReport, printRow, type Row } from "./report";

const CALLERS = 32;
const FULL = { rounds: { rounds: 9, roundMs: 2_000, warmUpMs: 3_000 }, halfLoadMs: 30_000 };
const SHORT = { rounds: { rounds: 3, roundMs: 500 }, halfLoadMs: 2_000 };
const BARE: Target = { name: "bare Next route", path: "/api/local/bare" };
const MOST_P99_MS = 50;
const EACH_CHECK = "check, each their own";

/**
 * Check and reserve over HTTP with a customer's key, rate limit and log on, against a route that Next alone answers; and
 * how long a check takes at half of the load that was measured.
 */
export async function benchApi(options: BenchOptions): Promise<void> {
  const { rounds, halfLoadMs } = options.isShort ? SHORT : FULL;
  console.log(`api: ${CALLERS} callers of one server process`);
  await withAppUnderTest(
    { LOG_LEVEL: "info", API_REQUESTS_PER_MINUTE: "100000000" },
    async (baseUrl, env) => {
      const world = await openApiWorld(env, CALLERS);
      const caller = openCaller(baseUrl, CALLERS);
      try {
        let turn = 0;
        let holds = 0;
        const hold = async (customer: number) => {
          await caller.call(world.reserve(customer));
          holds += 1;
        };
        const next = () => {
          turn += 1;
          return turn;
        };
        const contenders = [
          { name: "bare", work: () => caller.call(BARE) },
          { name: "check", work: () => caller.call(world.check(0)) },
          { name: "reserve", work: () => hold(0) },
          { name: EACH_CHECK, work: () => caller.call(world.check(next())) },
          { name: "reserve, each their own", work: () => hold(next()) },
        ].map((contender) => ({ ...contender, callers: CALLERS }));
        const figures = await measureInTurns(contenders, rounds);
        const [bare, ...others] = figures;
        if (!bare) return;
        const rows = others.map((ours) => beside(bare, ours));
        const check = others.find(({ name }) => name === EACH_CHECK);
        if (check) rows.push(await atHalfLoad(() => caller.call(world.check(next())), check, halfLoadMs));
        for (const row of rows) printRow(row);
        await world.assertConserved(holds);
        console.log(`  each of ${holds} holds is there once, and the books add up`);
        keepReport("api", options, { rounds, rows });
      } finally {
        caller.close();
        await world.close();
      }
    },
  );
}

function beside(bare: Figures, ours: Figures): Row {
  return faster("B6", `POST ${ours.name}, against a GET that does nothing`, {
    ours,
    theirs: bare,
    atLeast: 0.8,
  });
}

/** B7 */
async function atHalfLoad(work: () => Promise<void>, { perSecond }: Figures, forMs: number): Promise<Row> {
  const rate = median(perSecond) / 2;
  const latencies = (await callAtRate(work, { perSecond: rate, forMs })).sort((a, b) => a - b);
  const p99 = quantile(latencies, 0.99);
  return {
    id: "B7",
    what: `check at ${rate.toFixed(0)}/s, p99 from when it was due (p50 ${quantile(latencies, 0.5).toFixed(1)} ms)`,
    ours: `${p99.toFixed(1)} ms`,
    theirs: `${MOST_P99_MS} ms`,
    ratio: p99 / MOST_P99_MS,
    pass: "≤ 1×",
    isPassed: p99 <= MOST_P99_MS,
  };
}
