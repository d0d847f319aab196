import { benchEdge } from "./edge";
import { benchGuardedRoute } from "./guarded-route";
import { benchLab } from "./lab";
import { benchMetering } from "./metering";
import { benchPricingPage } from "./pricing-page";

/** Each prints its figures. Ratios are taken within one run, in turns, because machines differ and vary. */
const BENCHMARKS: Record<string, () => Promise<void>> = {
  edge: benchEdge,
  "guarded-route": benchGuardedRoute,
  lab: benchLab,
  metering: benchMetering,
  pricing: benchPricingPage,
};

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : Object.keys(BENCHMARKS);
  for (const name of names) {
    const benchmark = BENCHMARKS[name];
    if (!benchmark)
      throw new Error(`There is no benchmark "${name}". There are: ${Object.keys(BENCHMARKS).join(", ")}.`);
    await benchmark();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
