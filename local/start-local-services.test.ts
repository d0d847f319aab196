import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

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
