import type { Db } from "@/lib/db/client";

/** The migrations that this build was made with: next.config.ts writes them in. None under a test runner. */
export const BUILT_WITH_MIGRATIONS = (process.env.BUILT_WITH_MIGRATIONS ?? "").split(",").filter(Boolean);

export type MigrationState = {
  applied: number;
  /** Known to this build and not applied. */
  missing: string[];
  /** Begun and neither finished nor rolled back: a schema that nobody wrote. */
  unfinished: string[];
};

/** How far the database is migrated. One that is newer than this build is none of this build's concern. */
export async function readMigrations(db: Db, known: string[]): Promise<MigrationState> {
  const [table] = await db.$queryRaw<{ exists: boolean }[]>`
    select to_regclass('_prisma_migrations') is not null as exists`;
  if (!table?.exists) return { applied: 0, missing: known, unfinished: [] };
  const rows = await db.$queryRaw<{ name: string; isFinished: boolean }[]>`
    select migration_name as name, bool_or(finished_at is not null) as "isFinished"
      from _prisma_migrations where rolled_back_at is null group by migration_name`;
  const finished = new Set(rows.filter((row) => row.isFinished).map((row) => row.name));
  return {
    applied: finished.size,
    missing: known.filter((name) => !finished.has(name)),
    unfinished: rows.filter((row) => !row.isFinished).map((row) => row.name),
  };
}

/** What is wrong with it in a sentence, or null. */
export function migrationProblem({ applied, missing, unfinished }: MigrationState): string | null {
  if (unfinished.length > 0) return "A migration of the database did not finish.";
  if (applied === 0) return "The database is not migrated.";
  if (missing.length > 0) {
    return `The database is behind: ${missing.length} of the migrations this build needs ${missing.length === 1 ? "is" : "are"} not applied.`;
  }
  return null;
}
