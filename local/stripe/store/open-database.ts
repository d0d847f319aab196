import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SCHEMA, SCHEMA_VERSION } from "./schema";

/**
 * Opens `stripe.sqlite` in the folder with all its tables; null keeps everything in memory. A file of another layout, or one
 * that cannot be read, is laid aside as `stripe.sqlite.old` and said so: old state is worth less than a server that starts.
 */
export function openDatabase(dataDir: string | null): DatabaseSync {
  if (dataDir !== null) {
    mkdirSync(dataDir, { recursive: true });
    layAsideOtherLayout(join(dataDir, "stripe.sqlite"));
  }
  const db = new DatabaseSync(dataDir === null ? ":memory:" : join(dataDir, "stripe.sqlite"));
  // Thirty-two megabytes of pages are kept at hand, and written back only when as many have changed: a leap of the clock
  // changes the same pages over and over.
  db.exec(
    "pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000;",
  );
  db.exec("pragma cache_size = -32768; pragma wal_autocheckpoint = 4096;");
  db.exec(SCHEMA);
  db.exec(`pragma user_version = ${SCHEMA_VERSION}`);
  return db;
}

function layAsideOtherLayout(file: string): void {
  if (!existsSync(file)) return;
  const version = readVersion(file);
  if (version === SCHEMA_VERSION) return;
  const old = `${file}.old`;
  for (const suffix of ["", "-wal", "-shm"]) {
    rmSync(`${old}${suffix}`, { force: true });
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${old}${suffix}`);
  }
  const reason = version === null ? "cannot be read" : "was written by another version of the local Stripe";
  console.warn(
    `The local Stripe's state in ${file} ${reason}. It is kept as ${old}; the server starts empty.`,
  );
}

/** Null when it is no database, or one that was cut short. */
function readVersion(file: string): number | null {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(file);
    db.exec("pragma busy_timeout = 2000;");
    db.prepare("select count(*) from sqlite_master").get();
    return Number(db.prepare("pragma user_version").get()?.user_version ?? 0);
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  } finally {
    db?.close();
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB; anything else, such as a locked file, is nobody's reason to lay state aside. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (error.errcode === 11 || error.errcode === 26);
}
