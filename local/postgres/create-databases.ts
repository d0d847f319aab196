import { Client, escapeIdentifier } from "pg";

/** Creates those of `databases` that the server at `url` does not have. */
export async function createDatabasesIfMissing(url: string, databases: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>("select datname from pg_database");
    const present = new Set(rows.map((row) => row.datname));
    for (const database of databases.filter((name) => !present.has(name))) {
      await client.query(`create database ${escapeIdentifier(database)}`);
    }
  } finally {
    await client.end();
  }
}
