import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Stripe from "stripe";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { startWebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";

import { closeServer, listenLocally } from "./http-server";
import { findManager } from "./manager-lock";
import { type LocalServices, type LocalServicesOptions, startLocalServices } from "./start-local-services";

const ANY_PORTS = { postgres: 0, redis: 0, mail: 0, stripe: 0 };
let dataDir: string;
const started: LocalServices[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tollkeeper-manager-"));
});

afterEach(async () => {
  for (const services of started.splice(0)) await services.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<LocalServicesOptions> = {}): Promise<LocalServices> {
  const services = await startLocalServices({
    ports: ANY_PORTS,
    dataDir,
    appUrl: "http://localhost:3000",
    only: ["redis", "mail"],
    ...options,
  });
  started.push(services);
  return services;
}

function urlOf(services: LocalServices, name: string): string {
  return services.services.find((service) => service.name === name)?.url ?? "missing";
}

test("the stand-ins answer once started and are gone once closed", async () => {
  const services = await start();
  const url = `${urlOf(services, "Redis")}/ping?_token=tk_local_redis`;
  expect(await (await fetch(url)).json()).toEqual({ result: "PONG" });
  expect((await fetch(urlOf(services, "Mail"))).status).toBe(200);
  await services.close();
  await expect(fetch(url)).rejects.toThrow();
  expect(findManager(dataDir)).toBeNull();
});

test("a second start on the same folder uses what runs, and leaves it running", async () => {
  const first = await start();
  const second = await start();
  expect(second.managerPid).toBe(process.pid);
  expect(urlOf(second, "Mail")).toBe(urlOf(first, "Mail"));
  await second.close();
  expect((await fetch(urlOf(first, "Mail"))).status).toBe(200);
});

test("a second start refuses to share stand-ins that serve another app, or lack one it needs", async () => {
  await start();
  await expect(start({ appUrl: "http://localhost:4000" })).rejects.toThrow(
    "serve http://localhost:3000, not",
  );
  await expect(start({ only: ["redis", "stripe"] })).rejects.toThrow("without stripe");
});

test("the local Stripe alone serves another app: its webhooks go where they are asked for, signed with the local secret", async () => {
  const receiver = await startWebhookReceiver();
  const services = await start({ only: ["stripe"], webhookUrls: [receiver.endpoint.url] });
  const { port } = new URL(urlOf(services, "Stripe"));
  const stripe = new Stripe("sk_test_local", { host: "127.0.0.1", port, protocol: "http" });
  const { id } = await stripe.customers.create({ email: "ada@example.test" });
  await vi.waitFor(() => expect(receiver.deliveries).toHaveLength(1), { timeout: 10_000 });
  const [delivery] = receiver.deliveries;
  const event = stripe.webhooks.constructEvent(
    delivery?.payload ?? "",
    delivery?.signature ?? "",
    "whsec_local_tollkeeper",
  );
  expect(event).toMatchObject({ type: "customer.created", data: { object: { id } } });
  await receiver.close();
});

test("a taken port is named with the variable that moves it, and nothing is left running", async () => {
  const blocker = createServer();
  const port = await listenLocally(blocker, 0);
  try {
    await expect(start({ ports: { ...ANY_PORTS, mail: port } })).rejects.toThrow(
      `Port ${port} for the local mail is in use: stop what uses it, or set LOCAL_MAIL_PORT to a free one.`,
    );
    expect(findManager(dataDir)).toBeNull();
  } finally {
    await closeServer(blocker);
  }
});
