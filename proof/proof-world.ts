import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { readPreset } from "@/catalogues/read-preset";
import { type Db, openDb } from "@/lib/db/client";
import { query } from "@/lib/db/query";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { startPostgres } from "@/local/postgres/start-postgres";

/** Business time of every proof that does not move it. */
export const PROOF_NOW = new Date("2026-03-10T12:00:00Z");
export const METER = "ai_requests";
/** What a day includes of the free plan: used up before a proof begins, so that credits pay. */
const FREE_REQUESTS = 3;
const RETRIES = { limit: 1_000, pauseMs: 50 };

export type ProofWorld = {
  db: Db;
  url: string;
  /** Stops Postgres as a crash does, and starts it again on the same files. */
  crashPostgres(): Promise<void>;
  /** Another migrated, empty database on the same server. */
  createDatabase(name: string): Promise<string>;
  close(): Promise<void>;
};

/** A durable Postgres of its own, migrated, with the community catalogue; it goes away with `close`. */
export async function openProofWorld(): Promise<ProofWorld> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tollkeeper-proof-"));
  let postgres = await startPostgres({ port: 0, dataDir, durable: true, databases: ["proof"] });
  const { port, url } = postgres;
  await migrate(url);
  const db = openDb(url, 10, 60_000);
  await publishCatalogue({ db, now: PROOF_NOW }, { catalogue: readPreset("community") });
  return {
    db,
    url,
    async crashPostgres() {
      process.kill(postgres.pid, "SIGQUIT");
      await postgres.exited;
      postgres = await startPostgres({ port, dataDir, durable: true, databases: ["proof"] });
    },
    async createDatabase(name) {
      await query(db, `create database ${name}`, []);
      const other = postgres.databaseUrl(name);
      await migrate(other);
      return other;
    },
    async close() {
      await db.$disconnect();
      await postgres.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** In a process of its own: the engine that migrates does not outlive the server it has been connected to. */
async function migrate(databaseUrl: string): Promise<void> {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  await promisify(execFile)(process.execPath, [...process.execArgv, "scripts/migrate.ts"], { env });
}

/** Customers whose day is used up, with these credits each. */
export async function createSpenders(db: Db, count: number, credits: number): Promise<string[]> {
  const customerIds: string[] = [];
  for (let made = 0; made < count; made += 1) customerIds.push(await createSpender(db, credits));
  return customerIds;
}

/** A customer whose day is used up, with these credits. */
export async function createSpender(db: Db, credits: number): Promise<string> {
  const ctx = { db, now: PROOF_NOW };
  const id = newId();
  const email = `${id}@proof.test`;
  await db.customer.create({ data: { id, type: "personal", name: "Proof", email, createdAt: PROOF_NOW } });
  const use = { customerId: id, userId: null, meter: METER, quantity: FREE_REQUESTS, key: "free" };
  await recordUsage(ctx, use);
  await grantCredits(ctx, { customerId: id, credits, key: "grant", source: "purchased", expiresAt: null });
  return id;
}

/** @throws Error with the first drifts, if what is stored is not what the facts say. */
export async function assertNoDrift(db: Db, customerIds: string[]): Promise<void> {
  const drifts = await findDrifts(db, customerIds);
  if (drifts.length > 0) throw new Error(`${drifts.length} drifts: ${JSON.stringify(drifts.slice(0, 5))}`);
}

/** Runs `work` on each item, so many at once. */
export async function eachOf<Item>(
  items: Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

/** Asks again until it is answered, as a client does that was told to come back. @param told every refusal on the way. */
export async function untilAnswered<Answer>(
  call: () => Promise<Answer>,
  told: (error: unknown) => boolean,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!told(error) || attempt === RETRIES.limit) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRIES.pauseMs));
    }
  }
}

/** @throws Error saying what was claimed. */
export function claim(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`not so: ${what}`);
}
