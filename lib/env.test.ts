import { describe, expect, test } from "vitest";
import { DEFAULT_PORTS } from "@/local/ports";
import { isLoopbackHost, readEnv } from "./env";

/** Everything a hosted installation needs. */
const HOSTED = {
  APP_URL: "https://billing.example.com",
  DATABASE_URL: "postgresql://u:secret@db.example.com/tollkeeper",
  STRIPE_SECRET_KEY: "sk_test_real",
  STRIPE_PUBLISHABLE_KEY: "pk_test_real",
  STRIPE_WEBHOOK_SECRET: "whsec_real",
  RESEND_API_KEY: "re_real",
  MAIL_FROM: "billing@example.com",
  NEXTAUTH_SECRET: "x".repeat(32),
  CRON_SECRET: "cron",
};

function problemsOf(source: Record<string, string>): string {
  const result = readEnv(source);
  return result.ok ? "" : result.problems.join("\n");
}

function envOf(source: Record<string, string>) {
  const result = readEnv(source);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.env;
}

describe("local mode", () => {
  test("is on with nothing set: every system is local, at the documented port", () => {
    const env = envOf({});
    expect(env.local).toBe(true);
    expect(env.appUrl).toBe("http://localhost:3000");
    expect(env.systems).toEqual([
      { name: "Postgres", mode: "local", url: "127.0.0.1:54320/tollkeeper" },
      { name: "Redis", mode: "local", url: "http://127.0.0.1:8079" },
      { name: "Stripe", mode: "local", url: "http://127.0.0.1:12111" },
      { name: "Mail", mode: "local", url: "http://127.0.0.1:8025" },
      { name: "AI provider", mode: "local", url: "in process" },
    ]);
  });

  test.each([
    "http://localhost:3000",
    "http://127.0.0.1:4000",
    "http://[::1]:3000",
    "http://app.localhost:3000",
  ])("is on with the loopback address %s", (APP_URL) => expect(envOf({ APP_URL }).local).toBe(true));

  test("is off with a Stripe key, even on loopback", () => {
    expect(envOf({ ...HOSTED, APP_URL: "http://localhost:3000" }).local).toBe(false);
  });

  test("is off with an address that others can reach: what is missing is named and the start refused", () => {
    const problems = problemsOf({ APP_URL: "https://billing.example.com" });
    for (const name of [
      "DATABASE_URL",
      "STRIPE_SECRET_KEY",
      "STRIPE_WEBHOOK_SECRET",
      "RESEND_API_KEY",
      "NEXTAUTH_SECRET",
      "CRON_SECRET",
    ]) {
      expect(problems).toContain(`${name} is missing`);
    }
  });

  test.each([
    "VERCEL",
    "NETLIFY",
    "RENDER",
    "FLY_APP_NAME",
    "DYNO",
    "K_SERVICE",
    "KUBERNETES_SERVICE_HOST",
    "AWS_LAMBDA_FUNCTION_NAME",
  ])(
    "is off where %s says that this is a hosting platform: a server that lost its keys gives no plan away",
    (name) => expect(problemsOf({ [name]: "1" })).toContain("STRIPE_SECRET_KEY is missing"),
  );

  test("takes a real database beside the local Stripe only when told so", () => {
    const source = { DATABASE_URL: HOSTED.DATABASE_URL };
    expect(problemsOf(source)).toContain("TOLLKEEPER_LOCAL=1");
    const env = envOf({ ...source, TOLLKEEPER_LOCAL: "1" });
    expect(env.databaseUrl).toBe(HOSTED.DATABASE_URL);
    expect(env.systems[0]).toEqual({ name: "Postgres", mode: "real", url: "db.example.com/tollkeeper" });
  });

  test("moves with the port variables, and a port that is none is named", () => {
    expect(envOf({ PORT: "4000", LOCAL_STRIPE_PORT: "4001" })).toMatchObject({
      appUrl: "http://localhost:4000",
      stripe: { localUrl: "http://127.0.0.1:4001" },
    });
    expect(problemsOf({ LOCAL_POSTGRES_PORT: "many" })).toContain("LOCAL_POSTGRES_PORT");
  });
});

describe("outside local mode", () => {
  test("nothing is local and Redis may be missing", () => {
    const env = envOf(HOSTED);
    expect(env.systems.map((system) => system.mode)).toEqual(["real", "off", "real", "real", "off"]);
    expect(env.stripe.localUrl).toBeNull();
    expect(env.redis).toBeNull();
  });

  test.each(Object.keys(HOSTED).filter((name) => !["APP_URL", "STRIPE_SECRET_KEY"].includes(name)))(
    "%s missing or empty is named",
    (name) => {
      expect(problemsOf({ ...HOSTED, [name]: "" })).toContain(name);
      expect(problemsOf({ ...HOSTED, [name]: "  " })).toContain(name);
    },
  );

  test.each([
    "billing.example.com",
    "billing.example.com:443",
    "ftp://billing.example.com",
    "javascript:alert(1)",
  ])("an APP_URL that no browser can be sent to is named: %s", (APP_URL) =>
    expect(problemsOf({ ...HOSTED, APP_URL })).toContain("APP_URL"),
  );

  test("half of Redis is an error, and so is a short secret", () => {
    expect(problemsOf({ ...HOSTED, UPSTASH_REDIS_REST_URL: "https://r" })).toContain(
      "UPSTASH_REDIS_REST_TOKEN",
    );
    expect(problemsOf({ ...HOSTED, NEXTAUTH_SECRET: "short" })).toContain("32 characters");
  });

  test("what is shown of the systems carries no credential", () => {
    expect(JSON.stringify(envOf(HOSTED).systems)).not.toMatch(/secret|sk_|re_/);
  });
});

describe.each([
  ["in local mode", {}],
  ["outside local mode", HOSTED],
])("%s what is optional", (_name, base) => {
  test("is off when nothing is set", () => {
    expect(envOf(base)).toMatchObject({
      oauth: { github: null, google: null },
      observability: { otlpEndpoint: null, sentryDsn: null, slowQueryMs: 200 },
      maintenance: false,
    });
  });

  test("is read: sign-in with GitHub and Google, traces, Sentry, slow queries, maintenance", () => {
    const env = envOf({
      ...base,
      GITHUB_CLIENT_ID: "gh",
      GITHUB_CLIENT_SECRET: "gh-secret",
      GOOGLE_CLIENT_ID: "goo",
      GOOGLE_CLIENT_SECRET: "goo-secret",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318/",
      SENTRY_DSN: "https://key@o1.ingest.sentry.io/2",
      SLOW_QUERY_MS: "50",
      MAINTENANCE: "1",
    });
    expect(env).toMatchObject({
      oauth: {
        github: { clientId: "gh", clientSecret: "gh-secret" },
        google: { clientId: "goo", clientSecret: "goo-secret" },
      },
      observability: {
        otlpEndpoint: "http://127.0.0.1:4318",
        sentryDsn: "https://key@o1.ingest.sentry.io/2",
        slowQueryMs: 50,
      },
      maintenance: true,
    });
  });

  test.each([
    ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
    ["GITHUB_CLIENT_SECRET", "GITHUB_CLIENT_ID"],
    ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
    ["GOOGLE_CLIENT_SECRET", "GOOGLE_CLIENT_ID"],
  ])("%s without %s is named", (given, missing) => {
    expect(problemsOf({ ...base, [given]: "x" })).toContain(`${missing} is missing`);
  });

  test.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
    ["SENTRY_DSN", "my secret dsn"],
    ["SLOW_QUERY_MS", "soon"],
    ["SLOW_QUERY_MS", "-1"],
  ])("%s=%s is named, and a DSN not repeated", (name, raw) => {
    expect(problemsOf({ ...base, [name]: raw })).toContain(name);
    expect(problemsOf({ ...base, SENTRY_DSN: "my secret dsn" })).not.toContain("my secret dsn");
  });
});

test.each([
  ["localhost", true],
  ["LOCALHOST.", true],
  ["127.8.9.1", true],
  ["[::1]", true],
  ["127.0.0.1.evil.test", false],
  ["localhost.evil.test", false],
  ["192.168.1.5", false],
  ["0.0.0.0", false],
])("%s is loopback: %s", (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});

test("the app looks for the stand-ins where they listen", () => {
  const ports = envOf({}).systems.map((system) => Number(system.url.match(/:(\d+)/)?.[1] ?? 0));
  const { postgres, redis, stripe, mail } = DEFAULT_PORTS;
  expect(ports).toEqual([postgres, redis, stripe, mail, 0]);
});
