import { startStripe } from "@/local/stripe/start-stripe";

/** What the process of a measured local Stripe tells the benchmark. */
export type LabServerMessage = { kind: "ready"; url: string } | { kind: "memory"; rssBytes: number };

/** Runs as a process of its own, so that what is measured is the server alone: `lab-server.ts <data folder>`. */
async function main(): Promise<void> {
  const stripe = await startStripe({
    port: 0,
    dataDir: process.argv[2] ?? null,
    webhookEndpoints: [],
    clockFollowers: [],
  });
  tell({ kind: "ready", url: stripe.url });
  process.on("message", () => tell({ kind: "memory", rssBytes: process.memoryUsage.rss() }));
  process.on("disconnect", () => process.exit(0));
}

function tell(message: LabServerMessage): void {
  process.send?.(message);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
