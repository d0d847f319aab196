import { Client } from "pg";
import { expect, inject, test } from "vitest";
import { TEMPLATE_DATABASE } from "@/local/testing/global-setup";
import { printSchema } from "./migrate";

/** What Prisma's schema and the migrations both describe, one line each. Checks and triggers are SQL's alone. */
const DESCRIBE = `
  select format('column %s.%s %s null=%s default=%s', table_name, column_name, udt_name, is_nullable, column_default) as line
    from information_schema.columns where table_schema = 'public'
  union all
  select format('index %s', indexdef) from pg_indexes where schemaname = 'public'
  union all
  select format('key %s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
   where contype in ('p', 'f', 'u') and connamespace = 'public'::regnamespace
  union all
  select format('enum %s.%s', t.typname, e.enumlabel) from pg_enum e join pg_type t on t.oid = e.enumtypid`;

/** Made in SQL on purpose: Prisma's schema cannot say "where", nor that usage events lie in partitions by month. */
const SQL_ONLY = [
  /checkouts_one_open_per_customer/,
  /credit_lots_remaining_idx/,
  /reservations_open_idx/,
  /usage_events_\d{4}_\d{2}/,
];

test("the migrations make exactly the tables that prisma/schema.prisma describes", async () => {
  const server = new URL(inject("postgresUrl"));
  const admin = new Client({ connectionString: server.href });
  await admin.connect();
  await admin.query("create database schema_drift");
  await admin.query(`create database schema_drift_migrated template ${TEMPLATE_DATABASE}`);
  await admin.end();

  const described = await describeDatabase(
    server,
    "schema_drift",
    await printSchema(server.href, process.cwd()),
  );
  const migrated = await describeDatabase(server, "schema_drift_migrated");
  expect(
    migrated.filter(
      (line) => !line.includes("_prisma_migrations") && !SQL_ONLY.some((pattern) => pattern.test(line)),
    ),
  ).toEqual(described);
});

async function describeDatabase(server: URL, name: string, sql = ""): Promise<string[]> {
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
    const { rows } = await client.query<{ line: string }>(DESCRIBE);
    // Of a table in partitions Postgres says that the index stands on the table alone.
    return rows.map((row) => row.line.replace(" ON ONLY ", " ON ")).sort();
  } finally {
    await client.end();
  }
}
