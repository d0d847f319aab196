import { benchApi } from "./api";
import type { BenchOptions } from "./bench-options";
import { benchEdge } from "./edge";
import { benchGuardedRoute } from "./guarded-route";
import { benchLab } from "./lab";
import { benchMetering } from "./metering";
import { benchPricingPage } from "./pricing-page";
import { benchReconciliation } from "./reconciliation";
import { benchSoak } from "./soak";

/** Each prints its figures. Ratios are taken within one run, in turns, because machines differ and vary. */
const BENCHMARKS: Record<string, { says: string; run: (options: BenchOptions) => Promise<void> }> = {
  metering: { says: "a decision beside what one would write by hand (B1-B5, B12, B13)", run: benchMetering },
  api: { says: "check and reserve over HTTP beside a route that does nothing (B6, B7)", run: benchApi },
  "guarded-route": { says: "what key, rate limit and log cost", run: benchGuardedRoute },
  edge: { says: "the copies in Redis, and decisions while it is in trouble (B8, B14)", run: benchEdge },
  reconciliation: { says: "100,000 customers, ledger, counters and Redis (B15)", run: benchReconciliation },
  pricing: { says: "the pricing page (B17)", run: benchPricingPage },
  lab: { says: "the local Stripe", run: benchLab },
  soak: { says: "five minutes at half load: memory and latency (B16)", run: benchSoak },
};
const OPTIONS = ["--short", "--list"];

/** `npm run bench [-- <name> …] [--short]`; `--list` says what there is. */
async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const names = asked.filter((argument) => !argument.startsWith("--"));
  const unknown = asked.filter((argument) => !OPTIONS.includes(argument) && !(argument in BENCHMARKS));
  if (unknown.length > 0)
    throw new Error(
      `There is no ${unknown.join(", ")}. There are: ${[...Object.keys(BENCHMARKS), ...OPTIONS].join(", ")}.`,
    );
  for (const [name, { says, run }] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    if (asked.includes("--list")) console.log(`${name.padEnd(15)} ${says}`);
    else await run({ isShort: asked.includes("--short") });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
