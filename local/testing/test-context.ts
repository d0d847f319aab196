import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import { createUser } from "@/lib/auth/create-user";
import type { Context } from "@/lib/context";
import { type ApiScope, CUSTOMER_SCOPES, PLATFORM_SCOPES } from "@/lib/domain/api-scope";
import { readEnv } from "@/lib/env";
import { newId } from "@/lib/new-id";
import { openContext } from "@/lib/open-context";
import { createApiKey } from "@/lib/services/api-keys/create-api-key";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { pushCatalogue } from "@/lib/services/catalogue/push-catalogue";
import { type LocalStripe, startStripe } from "@/local/stripe/start-stripe";
import { TEMPLATE_DATABASE } from "./global-setup";

/** The moment tests begin at unless they say otherwise. */
export const TEST_NOW = new Date("2026-03-10T12:00:00Z");

export type TestWorld = {
  ctx: Context;
  stripe: LocalStripe;
  /** The same world at another moment of business time. */
  at(now: Date | string): Context;
  /** A new person with the personal customer everybody has. */
  createPerson(email?: string): Promise<{ userId: string; customerId: string }>;
  /** A key of that customer with every scope they can give; with null a platform key. */
  createKey(customerId: string | null, scopes?: ApiScope[]): Promise<string>;
  close(): Promise<void>;
};

/**
 * A world of its own for one test file: a database copied from the migrated template, a stand-in Stripe in
 * memory, and a catalogue published to both. Redis and mail point at ports where nothing listens:
 * what needs them starts them.
 */
export async function openTestWorld({ preset = "community" } = {}): Promise<TestWorld> {
  const databaseUrl = await copyTemplate();
  const stripe = await startStripe({
    port: 0,
    dataDir: null,
    webhookEndpoints: [],
    clockFollowers: [],
    checksAnswers: true,
  });
  const result = readEnv({
    DATABASE_URL: databaseUrl,
    CATALOGUE: preset,
    TOLLKEEPER_LOCAL: "1",
    LOCAL_STRIPE_PORT: new URL(stripe.url).port,
    LOCAL_REDIS_PORT: "1",
    LOCAL_MAIL_PORT: "1",
  });
  if (!result.ok) throw new Error(result.problems.join("\n"));
  const ctx: Context = { ...openContext(result.env), now: TEST_NOW };
  await publishCatalogue(ctx, { catalogue: readPreset(preset) });
  await pushCatalogue(ctx);

  return {
    ctx,
    stripe,
    at: (now) => ({ ...ctx, now: new Date(now) }),
    async createPerson(email = `${newId()}@person.test`) {
      const user = await createUser(ctx.db, {
        email,
        name: "Test Person",
        emailVerified: null,
        now: TEST_NOW,
      });
      const { customerId } = await ctx.db.member.findFirstOrThrow({ where: { userId: user.id } });
      return { userId: user.id, customerId };
    },
    async createKey(
      customerId,
      scopes = customerId ? [...CUSTOMER_SCOPES] : [...PLATFORM_SCOPES],
    ): Promise<string> {
      const input = {
        customerId,
        name: "Test key",
        scopes,
        expiresAt: null,
        actor: { kind: "system" },
      } as const;
      return (await createApiKey({ ...ctx, now: new Date() }, { ...input, scopes })).key;
    },
    async close() {
      await ctx.db.$disconnect();
      await stripe.close();
    },
  };
}

async function copyTemplate(): Promise<string> {
  const url = new URL(inject("postgresUrl"));
  const name = `test_${randomBytes(6).toString("hex")}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`create database ${name} template ${TEMPLATE_DATABASE}`);
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  return url.href;
}
