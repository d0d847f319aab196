import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import type { BenchOptions } from "./bench-options";
import type { LabServerMessage } from "./lab-server";

const FULL = { starts: 7, calls: 1_000, customers: 1_000 };
const SHORT = { starts: 2, calls: 100, customers: 50 };
const CALLERS = 8;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

type LabServer = { process: ChildProcess; url: string; stripe: Stripe; startedInMs: number };

/**
 * How quick and how big the local Stripe is: how long it takes to start, to answer a simple call of the SDK, and to live
 * through a year with a thousand monthly subscriptions, and how much memory its process takes. State is kept on disk.
 */
export async function benchLab({ isShort }: BenchOptions): Promise<void> {
  const { starts, calls, customers } = isShort ? SHORT : FULL;
  const dataDir = mkdtempSync(join(tmpdir(), "tollkeeper-bench-"));
  try {
    await measureStarts(dataDir, starts);
    const server = await startServer(dataDir);
    await measureCalls(server.stripe, calls);
    await measureWorld(server, customers);
    server.process.disconnect();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureStarts(dataDir: string, starts: number): Promise<void> {
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const server = await startServer(dataDir);
    times.push(server.startedInMs);
    server.process.disconnect();
    await new Promise((resolve) => server.process.once("exit", resolve));
  }
  console.log(`lab start: ${quantiles(times)}, process and all`);
}

async function measureCalls(stripe: Stripe, repeats: number): Promise<void> {
  const { id } = await stripe.customers.create({ email: "ada@example.test" });
  const calls = {
    "retrieve a customer": () => stripe.customers.retrieve(id),
    "create a customer": () => stripe.customers.create({ email: "bob@example.test" }),
    "update a customer": () => stripe.customers.update(id, { metadata: { at: String(performance.now()) } }),
    "list ten customers": () => stripe.customers.list({ limit: 10 }),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (let count = 0; count < repeats / 10; count += 1) await call();
    const times: number[] = [];
    for (let count = 0; count < repeats; count += 1) {
      const before = performance.now();
      await call();
      times.push(performance.now() - before);
    }
    console.log(`lab call: ${name} ${quantiles(times)}`);
  }
}

async function measureWorld(server: LabServer, customers: number): Promise<void> {
  const { stripe } = server;
  const product = await stripe.products.create({ name: "Pro" });
  const price = await stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 2_000,
    recurring: { interval: "month" },
  });
  const before = performance.now();
  let left = customers;
  const subscribe = async () => {
    while (left > 0) {
      left -= 1;
      const customer = await stripe.customers.create({
        payment_method: "pm_card_visa",
        invoice_settings: { default_payment_method: "pm_card_visa" },
      });
      await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, subscribe));
  console.log(
    `lab world: ${customers} customers with subscriptions in ${seconds(before)}, ${await memory(server)}`,
  );
  const leap = performance.now();
  await fetch(`${server.url}/lab/clock`, {
    method: "POST",
    headers: { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}` },
    body: JSON.stringify({ advance_ms: YEAR_MS }),
  });
  console.log(`lab world: a year of them in ${seconds(leap)}, ${await memory(server)}`);
}

function startServer(dataDir: string): Promise<LabServer> {
  const before = performance.now();
  const child = fork(fileURLToPath(new URL("lab-server.ts", import.meta.url)), [dataDir]);
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The local Stripe ended with ${code}.`)));
    child.once("message", (message: LabServerMessage) => {
      if (message.kind !== "ready") return;
      const { hostname: host, port } = new URL(message.url);
      const options = { host, port: Number(port), protocol: "http", telemetry: false } as const;
      const stripe = new Stripe(LOCAL_CREDENTIALS.stripeSecretKey, options);
      resolve({ process: child, url: message.url, stripe, startedInMs: performance.now() - before });
    });
  });
}

function memory({ process: child }: LabServer): Promise<string> {
  return new Promise((resolve) => {
    child.once("message", (message: LabServerMessage) => {
      if (message.kind === "memory") resolve(`${Math.round(message.rssBytes / 1024 / 1024)} MB RSS`);
    });
    child.send("memory");
  });
}

function quantiles(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
