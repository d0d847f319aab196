import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "@/local/postgres/start-postgres";
import { applyMigrations } from "@/scripts/migrate";

declare module "vitest" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: merging into Vitest's own is what an interface can do
  export interface ProvidedContext {
    /** A server with a migrated database to copy from. */
    postgresUrl: string;
  }
}

export const TEMPLATE_DATABASE = "template_tollkeeper";

/** One Postgres for the run, in a folder that goes away with it; each test file copies the migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tollkeeper-test-"));
  const postgres = await startPostgres({ port: 0, dataDir, durable: true, databases: [TEMPLATE_DATABASE] });
  await applyMigrations(postgres.url, process.cwd());
  // The migration engine keeps no connection, but Postgres copies a template only when nobody is in it.
  const url = new URL(postgres.url);
  url.pathname = "/postgres";
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    TEMPLATE_DATABASE,
  ]);
  await client.end();
  project.provide("postgresUrl", url.href);
  return async () => {
    await postgres.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
