import { withAppUnderTest } from "@/scripts/app-under-test";
import type { BenchOptions } from "./bench-options";
import { openCaller, type Target } from "./http/open-caller";
import { measureInTurns } from "./metering/measure-in-turns";
import { faster, keepReport, printRow } from "./report";

const CALLERS = 32;
const FULL = { rounds: 9, roundMs: 2_000, warmUpMs: 3_000 };
const SHORT = { rounds: 3, roundMs: 500 };
const BARE: Target = { name: "bare Next route", path: "/api/local/bare" };
const GUARDED: Target = {
  name: "authenticated, counted route",
  path: "/api/local/guarded",
  headers: { authorization: "Bearer tk_local_pro" },
};

/**
 * What authentication by key, the rate limit, the request log and the common answer cost: a route that does nothing
 * with all of it, against one that Next alone answers. One process, 32 callers on kept-alive connections, in turns.
 */
export async function benchGuardedRoute(options: BenchOptions): Promise<void> {
  const rounds = options.isShort ? SHORT : FULL;
  await withAppUnderTest({ LOG_LEVEL: "info", API_REQUESTS_PER_MINUTE: "100000000" }, async (baseUrl) => {
    const caller = openCaller(baseUrl, CALLERS);
    console.log(
      `guarded route: ${CALLERS} callers, ${rounds.rounds} rounds of ${rounds.roundMs / 1000} s in turns`,
    );
    const contenders = [BARE, GUARDED].map((target) => ({
      name: target.name,
      callers: CALLERS,
      work: () => caller.call(target),
    }));
    const [bare, guarded] = await measureInTurns(contenders, rounds);
    caller.close();
    if (!bare || !guarded) return;
    const row = faster("", "a route with everything around it, against a bare one", {
      ours: guarded,
      theirs: bare,
      atLeast: null,
    });
    printRow(row);
    const ratios = guarded.perSecond.map((own, round) => own / (bare.perSecond[round] ?? Number.NaN));
    console.log(
      `       lowest ${Math.min(...ratios).toFixed(2)}×, highest ${Math.max(...ratios).toFixed(2)}×`,
    );
    keepReport("guarded-route", options, { rounds, rows: [row] });
  });
}
