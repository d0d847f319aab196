import { Agent, request } from "node:http";
import { withAppUnderTest } from "@/scripts/app-under-test";

const CALLERS = 32;
const ROUNDS = 9;
const ROUND_MS = 2_000;
const WARM_UP_MS = 3_000;

type Target = { name: string; path: string; headers: Record<string, string> };

const TARGETS = [
  { name: "bare Next route", path: "/api/local/bare", headers: {} },
  {
    name: "authenticated, counted route",
    path: "/api/local/guarded",
    headers: { authorization: "Bearer tk_local_pro" },
  },
] as const satisfies Target[];

/**
 * What authentication by key, the rate limit, the request log and the common answer cost: a route that does nothing
 * with all of it, against one that Next alone answers. One process, 32 callers on kept-alive connections, in turns.
 */
export async function benchGuardedRoute(): Promise<void> {
  await withAppUnderTest({ LOG_LEVEL: "info", API_REQUESTS_PER_MINUTE: "100000000" }, async (baseUrl) => {
    const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
    for (const target of TARGETS) await measure(baseUrl, agent, target, WARM_UP_MS);
    const ratios: number[] = [];
    console.log(`guarded route: ${CALLERS} callers, ${ROUNDS} rounds of ${ROUND_MS / 1000} s in turns`);
    for (let round = 0; round < ROUNDS; round += 1) {
      // Who goes first changes, so that neither always finds the other's leavings.
      const order = round % 2 === 0 ? [0, 1] : [1, 0];
      const rates = [0, 0];
      for (const index of order) {
        const target = TARGETS[index];
        if (target) rates[index] = await measure(baseUrl, agent, target, ROUND_MS);
      }
      const [bare = 1, guarded = 0] = rates;
      ratios.push(guarded / bare);
      console.log(
        `  bare ${bare.toFixed(0)}/s, guarded ${guarded.toFixed(0)}/s, ${(guarded / bare).toFixed(2)}×`,
      );
    }
    ratios.sort((a, b) => a - b);
    const median = ratios[Math.floor(ratios.length / 2)] ?? 0;
    console.log(
      `  median ${median.toFixed(2)}× (lowest ${ratios[0]?.toFixed(2)}×, highest ${ratios.at(-1)?.toFixed(2)}×)`,
    );
    agent.destroy();
  });
}

/** Requests answered per second. An answer that is not 200 breaks the run: a refusal is no figure. */
async function measure(baseUrl: string, agent: Agent, target: Target, forMs: number): Promise<number> {
  const startedAt = performance.now();
  let answered = 0;
  const call = async () => {
    while (performance.now() - startedAt < forMs) {
      await get(baseUrl, agent, target);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return answered / ((performance.now() - startedAt) / 1000);
}

function get(baseUrl: string, agent: Agent, { name, path, headers }: Target): Promise<void> {
  return new Promise((resolve, reject) => {
    request(new URL(path, baseUrl), { agent, headers }, (response) => {
      response.resume();
      response.once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${name} answered ${response.statusCode}`));
      });
    })
      .once("error", reject)
      .end();
  });
}
