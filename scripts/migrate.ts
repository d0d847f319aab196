import process from "node:process";
import { NO_FILTERS, openSchemaEngine, readMigrations, schemaFile } from "@/scripts/prisma-engine";

/**
 * Applies the migrations under `prisma/migrations` to DATABASE_URL and prints the names of the new ones.
 * `--print-schema` prints the SQL of the whole schema instead: the start of a new migration.
 */
async function main(): Promise<void> {
  const root = process.cwd();
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) throw new Error("DATABASE_URL is not set: which database should be migrated?");
  if (process.argv.includes("--print-schema")) {
    console.log(await printSchema(databaseUrl, root));
    return;
  }
  for (const name of await applyMigrations(databaseUrl, root)) console.log(name);
}

/** Returns the names of the migrations that were not applied before. Safe to run again. */
export async function applyMigrations(databaseUrl: string, root: string): Promise<string[]> {
  const engine = await openSchemaEngine(databaseUrl, root);
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: readMigrations(root),
    filters: NO_FILTERS,
  });
  return appliedMigrationNames;
}

/** The SQL that makes the whole of `prisma/schema.prisma` in an empty database. Connects to `databaseUrl`, changes nothing. */
export async function printSchema(databaseUrl: string, root: string): Promise<string> {
  const engine = await openSchemaEngine(databaseUrl, root);
  const [path, content] = schemaFile(root);
  const { stdout } = await engine.diff({
    from: { tag: "empty" },
    to: { tag: "schemaDatamodel", files: [{ path, content }] },
    script: true,
    exitCode: null,
    filters: NO_FILTERS,
  });
  return stdout ?? "";
}

if (process.argv[1]?.endsWith("migrate.ts")) {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exit(1);
    },
  );
}
