import type { Context } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { type Env, readEnv } from "@/lib/env";
import { readClockOffset } from "@/lib/read-clock-offset";
import { openStripe } from "@/lib/stripe/client";
import { CommandError } from "./command-error";

export type Connections = Pick<Context, "db" | "stripe" | "now">;

/**
 * Runs `work` with the database and the Stripe that the app itself would have: the stand-ins in local mode.
 * @throws CommandError saying how to start or migrate a database that is not ready.
 */
export async function withConnections<Result>(work: (ctx: Connections) => Promise<Result>): Promise<Result> {
  const result = readEnv(process.env);
  if (!result.ok) throw new CommandError(2, result.problems.join("\n"));
  const { env } = result;
  const db = openDb(env.databaseUrl);
  try {
    await checkDatabase(db, env);
    const now = new Date(Date.now() + (await readClockOffset(env)));
    return await work({ db, stripe: openStripe(env.stripe), now });
  } finally {
    await db.$disconnect();
  }
}

async function checkDatabase(db: Context["db"], env: Env): Promise<void> {
  const { host, pathname } = new URL(env.databaseUrl);
  const name = `The database ${host}${pathname}`;
  const [row] = await db.$queryRaw<{ table: string | null }[]>`
    select to_regclass('price_books')::text as table`.catch((error: unknown) => {
    const advice = env.local
      ? 'Start it with "npm start" or "npm run local", in another terminal; LOCAL_POSTGRES_PORT says where it is.'
      : "Check DATABASE_URL.";
    throw new CommandError(2, `${name} does not answer. ${advice}\n(${lastLineOf(error)})`);
  });
  if (!row?.table)
    throw new CommandError(2, `${name} does not have this version's tables yet: "npm start" makes them.`);
}

/** Prisma tells the whole query first. */
function lastLineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? "";
}
