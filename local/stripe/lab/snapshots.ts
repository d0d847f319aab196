import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClock, saveClockOffset } from "@/local/stripe/clock";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { SCHEMA_VERSION, TABLES } from "@/local/stripe/store/schema";
import {
  inTransaction,
  keepIdSource,
  queryRows,
  reloadMemory,
  type Store,
  writeMeta,
} from "@/local/stripe/store/store";

/** Where copies of the state lie: beside it, or, of a state in memory, in a folder that goes with the server. */
export type Snapshots = { folder: string | null; isTemporary: boolean };

const SAVED_AT_KEY = "snapshot_saved_at_ms";

export function openSnapshots(dataDir: string | null): Snapshots {
  return { folder: dataDir === null ? null : join(dataDir, "snapshots"), isTemporary: dataDir === null };
}

/** Removes those nobody could find again. */
export function closeSnapshots({ folder, isTemporary }: Snapshots): void {
  if (isTemporary && folder !== null) rmSync(folder, { recursive: true, force: true });
}

export function listSnapshots({ folder }: Snapshots): string[] {
  if (folder === null || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sqlite"))
    .map((file) => file.replace(/\.sqlite$/, ""))
    .sort();
}

/** Copies the whole state, time included; one of that name is replaced. */
export function saveSnapshot(snapshots: Snapshots, store: Store, name: string): void {
  snapshots.folder ??= mkdtempSync(join(tmpdir(), "local-stripe-"));
  mkdirSync(snapshots.folder, { recursive: true });
  const file = fileOf(snapshots.folder, name);
  inTransaction(store, () => {
    keepIdSource(store);
    writeMeta(store, SAVED_AT_KEY, String(Date.now()));
  });
  rmSync(file, { force: true });
  store.db.prepare("vacuum into ?").run(file);
}

/**
 * Puts the state back as it was, and business time to the moment it was saved at.
 * @throws StripeApiError 404 when there is none of that name, 400 for one of another layout; then nothing has changed.
 */
export function restoreSnapshot(snapshots: Snapshots, store: Store, name: string): void {
  const { folder } = snapshots;
  if (folder === null || !listSnapshots(snapshots).includes(name)) {
    throw resourceMissing("snapshot", name, "name", 404);
  }
  store.db.prepare("attach ? as snapshot").run(fileOf(folder, name));
  try {
    const [version] = queryRows<{ user_version: number }>(store, "pragma snapshot.user_version");
    if (version?.user_version !== SCHEMA_VERSION) {
      throw invalidRequest(`The snapshot ${name} was made by another version of the lab.`, { param: "name" });
    }
    inTransaction(store, () => {
      for (const table of TABLES) {
        store.db.exec(`delete from main.${table}`);
        store.db.exec(`insert into main.${table} select * from snapshot.${table}`);
      }
    });
  } finally {
    // A statement over an attached file would keep it.
    store.statements.clear();
    store.db.exec("detach snapshot");
  }
  reloadMemory(store);
  const sql = "select value from meta where key = ?";
  const savedAt = Number(queryRows<{ value: string }>(store, sql, SAVED_AT_KEY)[0]?.value ?? Date.now());
  saveClockOffset(store, openClock(store).offsetMs() - (Date.now() - savedAt));
}

function fileOf(folder: string, name: string): string {
  return join(folder, `${name}.sqlite`);
}
