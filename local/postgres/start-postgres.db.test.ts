import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";

import { closeServer, listenLocally } from "@/local/http-server";
import { identifyProcess } from "@/local/process-identity";
import { supervise } from "@/local/supervise";

import { type LocalPostgres, startPostgres } from "./start-postgres";

let folder: string;
let dataDir: string;
const started: { close(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollkeeper-postgres-"));
  dataDir = join(folder, "postgres");
});

afterEach(async () => {
  for (const service of started.splice(0)) await service.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: { port?: number; databases?: string[] } = {}): Promise<LocalPostgres> {
  const postgres = await startPostgres({
    port: 0,
    dataDir,
    durable: true,
    databases: ["tollkeeper"],
    ...options,
  });
  started.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test("a fresh folder becomes a database that keeps what is committed over restarts, one after a crash included", async () => {
  const first = await start();
  await query(first.url, "create table t as select 42 as answer");
  await first.close();
  const second = await start({ databases: ["tollkeeper", "another"] });
  expect(await query(second.url, "select answer from t")).toEqual([{ answer: 42 }]);
  expect(await query(second.databaseUrl("another"), "select 1 as one")).toEqual([{ one: 1 }]);
  await second.close();
  // What a crash leaves behind: a pid file whose number is somebody else's by now.
  writeFileSync(join(dataDir, "postmaster.pid"), `${process.pid}\n${dataDir}\n`);
  const third = await start();
  expect(await query(third.url, "select answer from t")).toEqual([{ answer: 42 }]);
});

test("it writes to disk before it says committed, speaks UTF-8, keeps UTC, and is closed to others", async () => {
  const { url, port } = await start();
  const [settings] = await query(
    url,
    "select current_setting('fsync') as fsync, current_setting('timezone') as zone, lower('ŻÓŁĆ') as lower",
  );
  expect(settings).toEqual({ fsync: "on", zone: "UTC", lower: "żółć" });
  await expect(query(url.replace("postgres:postgres", "postgres:wrong"), "select 1")).rejects.toThrow(
    "password",
  );
  expect(await query(url, "select current_setting('listen_addresses') as on")).toEqual([{ on: "127.0.0.1" }]);
  const foreign = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((address) => address.family === "IPv4" && !address.internal),
  );
  for (const { address } of foreign) {
    const fromOutside = `postgresql://postgres:postgres@${address}:${port}/postgres`;
    await expect(query(fromOutside, "select 1")).rejects.toThrow("ECONNREFUSED");
  }
  await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
});

test("a taken port is named with the variable that moves it", async () => {
  const blocker = createServer();
  const port = await listenLocally(blocker, 0);
  try {
    await expect(start({ port })).rejects.toThrow(`Port ${port} for Postgres is in use`);
  } finally {
    await closeServer(blocker);
  }
});

test("data of another major version is refused, not touched", async () => {
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, "PG_VERSION"), "17\n");
  await expect(start()).rejects.toThrow("holds data of Postgres 17");
  expect(readFileSync(join(dataDir, "PG_VERSION"), "utf8")).toBe("17\n");
});

test("killed with -9 it comes back on its port with all that was committed", async () => {
  const lines: string[] = [];
  let pid = 0;
  const service = await supervise(
    async (port) => {
      const postgres = await startPostgres({
        port: port ?? 0,
        dataDir,
        durable: true,
        databases: ["tollkeeper"],
      });
      pid = postgres.pid;
      return postgres;
    },
    (line) => lines.push(line),
  );
  started.push(service);
  await query(service.url, "create table t as select 42 as answer");
  process.kill(pid, "SIGKILL");
  await expect.poll(() => lines, { timeout: 10_000 }).toHaveLength(1);
  expect(lines[0]).toContain("was started again");
  expect(await query(service.url, "select answer from t")).toEqual([{ answer: 42 }]);
});

test("it ends with the process that started it, even if that is killed with -9", async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "start-postgres.ts"))};
    const { pid } = await startPostgres({ port: 0, dataDir: ${JSON.stringify(dataDir)}, durable: true, databases: [] });
    console.log("pid", pid);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.on("data", (chunk: Buffer) => resolve(Number(/pid (\d+)/.exec(chunk.toString())?.[1])));
  });
  expect(identifyProcess(pid)).not.toBeNull();
  parent.kill("SIGKILL");
  await expect.poll(() => identifyProcess(pid), { timeout: 5000 }).toBeNull();
  await start();
});
