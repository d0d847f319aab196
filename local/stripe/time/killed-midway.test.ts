import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";

const ROOT = new URL("../../../", import.meta.url);
const SUBSCRIPTIONS = 25;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

let dataDir: string;
let server: ChildProcess | null = null;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "local-stripe-"));
});
afterEach(async () => {
  server?.kill("SIGKILL");
  await rm(dataDir, { recursive: true });
});

/** A server in a process of its own, so that it can be killed. */
async function startProcess(): Promise<{ stripe: Stripe; url: string; process: ChildProcess }> {
  const process = fork(fileURLToPath(new URL("bench/lab-server.ts", ROOT)), [dataDir], {
    execArgv: [
      "--disable-warning=ExperimentalWarning",
      "--import",
      new URL("local/resolve-typescript.mjs", ROOT).href,
    ],
    stdio: "ignore",
  });
  server = process;
  const [{ url }] = await once(process, "message");
  const { hostname: host, port } = new URL(url);
  const options = { host, port: Number(port), protocol: "http", telemetry: false } as const;
  return { stripe: new Stripe(LOCAL_CREDENTIALS.stripeSecretKey, options), url, process };
}

test("a server killed in the middle of a leap goes on where it was: no renewal is lost and none is done twice", async () => {
  const first = await startProcess();
  const price = await createPlan(first.stripe, { recurring: { interval: "month" } });
  for (let count = 0; count < SUBSCRIPTIONS; count += 1) {
    const customer = await createPayingCustomer(first.stripe);
    await first.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  }
  const exited = once(first.process, "exit");
  const leap = fetch(`${first.url}/lab/clock`, {
    method: "POST",
    headers: { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}` },
    body: JSON.stringify({ advance_ms: YEAR_MS }),
  });
  // The leap takes longer than this; whether some of it or nothing was done by then, the outcome must be the same.
  setTimeout(() => first.process.kill("SIGKILL"), 40);
  await leap.catch(() => null);
  await exited;

  const second = await startProcess();
  const subscriptions = await second.stripe.subscriptions.list({ limit: 100 });
  expect(subscriptions.data).toHaveLength(SUBSCRIPTIONS);
  for (const { id, start_date: start } of subscriptions.data) {
    const { data } = await second.stripe.invoices.list({ subscription: id, limit: 100 });
    const starts = data.map(({ created }) => new Date(created * 1000).toISOString().slice(0, 7));
    // The first one, and twelve renewals, each in a month of its own.
    expect(new Set(starts).size, `invoices of ${id}`).toBe(13);
    expect(data).toHaveLength(13);
    expect(data.at(-1)?.created).toBe(start);
  }
}, 60_000);
