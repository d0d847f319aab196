import type { Context } from "@/lib/context";
import {
  BUILT_WITH_MIGRATIONS,
  migrationProblem,
  readMigrations,
} from "@/lib/services/health/read-migrations";
import { runCheck, type SystemCheck } from "./system-check";

const OLDEST_VERSION = 15;

export function checkPostgres(
  ctx: Context,
  migrations: string[] = BUILT_WITH_MIGRATIONS,
): Promise<SystemCheck> {
  return runCheck(
    "The database does not answer. Check DATABASE_URL, and that it lets this machine in.",
    async () => {
      const [row] = await ctx.db.$queryRaw<{ version: string }[]>`
      select current_setting('server_version') as version`;
      const version = row?.version ?? "unknown";
      const state = await readMigrations(ctx.db, migrations);
      const facts = [
        { term: "Version", detail: `Postgres ${version}` },
        { term: "Migrations", detail: `${state.applied} applied, ${state.missing.length} to apply` },
      ];
      if (Number.parseInt(version, 10) < OLDEST_VERSION) {
        return {
          state: "failed",
          summary: `Postgres ${version} is too old: ${OLDEST_VERSION} or newer.`,
          facts,
        };
      }
      const problem = migrationProblem(state);
      if (problem) {
        return {
          state: "failed",
          summary: `${problem} Run: node --import tsx scripts/migrate.ts`,
          facts,
        };
      }
      return { state: "works", summary: "Answers, and every migration is applied.", facts };
    },
  );
}
