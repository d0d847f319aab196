/**
 * The configuration, decided once at start. Local mode is one value: on only if there is no Stripe key, the
 * app's address is absent or loopback, and no hosting platform is recognised. Only then do stand-ins, demo
 * accounts, `tk_local_…` keys and the movable clock exist; otherwise a missing variable is named and the
 * start refused, so that a server that lost its keys never gives a plan away. docs/local-mode.md
 */
export type SystemName = "Postgres" | "Redis" | "Stripe" | "Mail" | "AI provider";

export type ExternalSystem = {
  name: SystemName;
  /** `off` = optional and not configured. */
  mode: "real" | "local" | "off";
  /** Where it is; never with a credential in it. */
  url: string;
};

export type Env = {
  local: boolean;
  appUrl: string;
  databaseUrl: string;
  redis: { url: string; token: string } | null;
  stripe: {
    secretKey: string;
    publishableKey: string;
    webhookSecret: string;
    /** Null = Stripe's own hosts. */
    localUrl: string | null;
  };
  mail: { apiKey: string; from: string; localUrl: string | null };
  authSecret: string;
  cronSecret: string;
  /** Null = the deterministic model in local mode, no AI elsewhere. */
  ai: { baseUrl: string; key: string; model: string } | null;
  /** Sign-in with another's account; null = not offered. */
  oauth: { github: OauthClient | null; google: OauthClient | null };
  observability: {
    /** The OTLP collector's base address, without `/v1/traces`. Null = no traces. */
    otlpEndpoint: string | null;
    sentryDsn: string | null;
    /** From how many milliseconds on a query is logged as slow. */
    slowQueryMs: number;
  };
  /** What one customer, by all their keys and sessions together, may ask in a minute; a platform key or a visitor too. */
  apiRequestsPerMinute: number;
  /** How many proxies of our own add to `x-forwarded-for`; the entry of the outermost names the visitor. */
  trustedProxies: number;
  /** Pages answer 503 and say so; webhooks and the health check go on. */
  maintenance: boolean;
  catalogue: string;
  systems: ExternalSystem[];
};

export type OauthClient = { clientId: string; clientSecret: string };

type Source = Record<string, string | undefined>;
export type EnvResult = { ok: true; env: Env } | { ok: false; problems: string[] };

/** What a hosting platform or orchestrator sets by itself: whoever has one of these is no laptop. */
const HOSTING_VARIABLES = [
  "VERCEL",
  "NETLIFY",
  "RENDER",
  "RAILWAY_ENVIRONMENT",
  "RAILWAY_ENVIRONMENT_NAME",
  "FLY_APP_NAME",
  "DYNO",
  "K_SERVICE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_EXECUTION_ENV",
  "ECS_CONTAINER_METADATA_URI_V4",
  "KUBERNETES_SERVICE_HOST",
  "WEBSITE_INSTANCE_ID",
  "CF_PAGES",
  "DIGITALOCEAN_APP_ID",
  "HEROKU_APP_ID",
  "GAE_ENV",
  "CONTAINER_APP_NAME",
  "KOYEB_APP_NAME",
];

/** The stand-ins' keys; equal to `local/credentials.ts`, which a test keeps so. */
export const LOCAL_KEYS = {
  database: "postgres:postgres",
  databaseName: "tollkeeper",
  redisToken: "tk_local_redis",
  resendApiKey: "re_local",
  stripeSecretKey: "sk_test_local",
  stripePublishableKey: "pk_test_local",
  stripeWebhookSecret: "whsec_local_tollkeeper",
  authSecret: "local-mode-only-secret-of-at-least-32-characters",
  cronSecret: "local_cron_secret",
} as const;

/** Decides the configuration from environment variables. Pure; the problems name each variable and the way on. */
export function readEnv(source: Source): EnvResult {
  return isLocalMode(source) ? readLocalEnv(source) : readHostedEnv(source);
}

/** Whether the address is this machine's own and nobody else's. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name)
  );
}

/** What of the configuration must appear nowhere: not in a log, not on a page. */
export function secretsOf(env: Env): string[] {
  const { username, password } = parseUrl(env.databaseUrl) ?? { username: "", password: "" };
  const secrets = [
    // A password that is the user's name would take the word out of every text.
    ...(password === username ? [] : [password, decodeURIComponent(password)]),
    env.redis?.token,
    env.stripe.secretKey,
    env.stripe.webhookSecret,
    env.mail.apiKey,
    env.authSecret,
    env.cronSecret,
    env.ai?.key,
    env.oauth.github?.clientSecret,
    env.oauth.google?.clientSecret,
    env.observability.sentryDsn,
  ];
  return secrets.filter((secret): secret is string => Boolean(secret));
}

function isLocalMode(source: Source): boolean {
  if (value(source, "STRIPE_SECRET_KEY")) return false;
  if (HOSTING_VARIABLES.some((name) => value(source, name))) return false;
  const appUrl = value(source, "APP_URL");
  if (!appUrl) return true;
  const url = parseUrl(appUrl);
  return url !== null && isLoopbackHost(url.hostname);
}

function readLocalEnv(source: Source): EnvResult {
  const problems: string[] = [];
  const port = readPort(source, "PORT", 3000, problems);
  const appUrl = value(source, "APP_URL") ?? `http://localhost:${port}`;
  const local = (variable: string, standard: number) =>
    `http://127.0.0.1:${readPort(source, variable, standard, problems)}`;

  const realDatabase = value(source, "DATABASE_URL");
  if (realDatabase && value(source, "TOLLKEEPER_LOCAL") !== "1") {
    problems.push(
      "DATABASE_URL is set but STRIPE_SECRET_KEY is not: a real database beside the local Stripe. " +
        "Set STRIPE_SECRET_KEY to run for real, or TOLLKEEPER_LOCAL=1 if this is meant.",
    );
  }
  const postgresPort = readPort(source, "LOCAL_POSTGRES_PORT", 54320, problems);
  const stripeUrl = local("LOCAL_STRIPE_PORT", 12111);
  const mailUrl = local("LOCAL_MAIL_PORT", 8025);
  const redis = readRedis(source, problems) ?? {
    url: local("LOCAL_REDIS_PORT", 8079),
    token: LOCAL_KEYS.redisToken,
  };
  const resendApiKey = value(source, "RESEND_API_KEY");
  const mailFrom = value(source, "MAIL_FROM");
  if (resendApiKey && !mailFrom) problems.push("MAIL_FROM is missing: the address mails are sent from.");

  return finish(problems, {
    local: true,
    appUrl: trimSlash(appUrl),
    databaseUrl:
      realDatabase ??
      `postgresql://${LOCAL_KEYS.database}@127.0.0.1:${postgresPort}/${LOCAL_KEYS.databaseName}`,
    redis,
    stripe: {
      secretKey: LOCAL_KEYS.stripeSecretKey,
      publishableKey: LOCAL_KEYS.stripePublishableKey,
      webhookSecret: LOCAL_KEYS.stripeWebhookSecret,
      localUrl: stripeUrl,
    },
    mail: resendApiKey
      ? { apiKey: resendApiKey, from: mailFrom ?? "", localUrl: null }
      : {
          apiKey: LOCAL_KEYS.resendApiKey,
          from: mailFrom ?? "Tollkeeper <billing@tollkeeper.test>",
          localUrl: mailUrl,
        },
    authSecret: value(source, "NEXTAUTH_SECRET") ?? LOCAL_KEYS.authSecret,
    cronSecret: value(source, "CRON_SECRET") ?? LOCAL_KEYS.cronSecret,
    ai: readAi(source, problems),
    oauth: readOauth(source, problems),
    observability: readObservability(source, problems),
    apiRequestsPerMinute: readWholeNumber(source, "API_REQUESTS_PER_MINUTE", 6_000, problems),
    trustedProxies: readWholeNumber(source, "TRUSTED_PROXIES", 1, problems),
    maintenance: value(source, "MAINTENANCE") === "1",
    catalogue: value(source, "CATALOGUE") ?? "community",
  });
}

function readHostedEnv(source: Source): EnvResult {
  const problems: string[] = [];
  const required = (name: string, what: string): string => {
    const found = value(source, name);
    if (!found) problems.push(`${name} is missing: ${what}.`);
    return found ?? "";
  };
  const appUrl = required(
    "APP_URL",
    "the address customers reach this app at, e.g. https://billing.example.com",
  );
  if (appUrl && !/^https?:$/.test(parseUrl(appUrl)?.protocol ?? ""))
    problems.push(`APP_URL is not an address: "${appUrl}".`);
  const authSecret = required(
    "NEXTAUTH_SECRET",
    "a random text of at least 32 characters (openssl rand -base64 32)",
  );
  if (authSecret && authSecret.length < 32)
    problems.push("NEXTAUTH_SECRET is too short: at least 32 characters.");

  return finish(problems, {
    local: false,
    appUrl: trimSlash(appUrl),
    databaseUrl: required("DATABASE_URL", "the address of a Postgres 15 or newer"),
    redis: readRedis(source, problems),
    stripe: {
      secretKey: required("STRIPE_SECRET_KEY", "Stripe, Developers, API keys"),
      publishableKey: required("STRIPE_PUBLISHABLE_KEY", "Stripe, Developers, API keys"),
      webhookSecret: required(
        "STRIPE_WEBHOOK_SECRET",
        "Stripe, Developers, Webhooks, the endpoint's signing secret",
      ),
      localUrl: null,
    },
    mail: {
      apiKey: required("RESEND_API_KEY", "Resend, API keys"),
      from: required("MAIL_FROM", "the address mails are sent from"),
      localUrl: null,
    },
    authSecret,
    cronSecret: required("CRON_SECRET", "a random text that the scheduler of /api/cron sends"),
    ai: readAi(source, problems),
    oauth: readOauth(source, problems),
    observability: readObservability(source, problems),
    apiRequestsPerMinute: readWholeNumber(source, "API_REQUESTS_PER_MINUTE", 6_000, problems),
    trustedProxies: readWholeNumber(source, "TRUSTED_PROXIES", 1, problems),
    maintenance: value(source, "MAINTENANCE") === "1",
    catalogue: value(source, "CATALOGUE") ?? "community",
  });
}

function finish(problems: string[], env: Omit<Env, "systems">): EnvResult {
  if (problems.length > 0) return { ok: false, problems };
  const { local } = env;
  const place = (name: SystemName, localUrl: string | null, realUrl: string): ExternalSystem =>
    localUrl ? { name, mode: "local", url: localUrl } : { name, mode: "real", url: realUrl };
  const isLocalDatabase = local && env.databaseUrl.includes(`//${LOCAL_KEYS.database}@127.0.0.1:`);
  const isLocalRedis = local && env.redis?.token === LOCAL_KEYS.redisToken;
  const off = (name: SystemName): ExternalSystem => ({ name, mode: "off", url: "not configured" });
  const systems: ExternalSystem[] = [
    place(
      "Postgres",
      isLocalDatabase ? withoutCredentials(env.databaseUrl) : null,
      withoutCredentials(env.databaseUrl),
    ),
    env.redis ? place("Redis", isLocalRedis ? env.redis.url : null, env.redis.url) : off("Redis"),
    place("Stripe", env.stripe.localUrl, "https://api.stripe.com"),
    place("Mail", env.mail.localUrl, "https://api.resend.com"),
    env.ai
      ? place("AI provider", null, env.ai.baseUrl)
      : local
        ? { name: "AI provider", mode: "local", url: "in process" }
        : off("AI provider"),
  ];
  return { ok: true, env: { ...env, systems } };
}

function readRedis(source: Source, problems: string[]): Env["redis"] {
  const url = value(source, "UPSTASH_REDIS_REST_URL");
  const token = value(source, "UPSTASH_REDIS_REST_TOKEN");
  if (!url && !token) return null;
  if (!url) problems.push("UPSTASH_REDIS_REST_URL is missing: UPSTASH_REDIS_REST_TOKEN is set without it.");
  if (!token) problems.push("UPSTASH_REDIS_REST_TOKEN is missing: UPSTASH_REDIS_REST_URL is set without it.");
  return { url: url ?? "", token: token ?? "" };
}

function readAi(source: Source, problems: string[]): Env["ai"] {
  const baseUrl = value(source, "AI_PROVIDER_BASE_URL");
  const key = value(source, "AI_PROVIDER_KEY");
  if (!baseUrl && !key) return null;
  if (!key) problems.push("AI_PROVIDER_KEY is missing: AI_PROVIDER_BASE_URL is set without it.");
  return {
    baseUrl: baseUrl ?? "https://api.openai.com/v1",
    key: key ?? "",
    model: value(source, "AI_PROVIDER_MODEL") ?? "gpt-4.1-mini",
  };
}

function readOauth(source: Source, problems: string[]): Env["oauth"] {
  return {
    github: readOauthClient(source, "GITHUB", problems),
    google: readOauthClient(source, "GOOGLE", problems),
  };
}

function readOauthClient(source: Source, provider: string, problems: string[]): OauthClient | null {
  const [idName, secretName] = [`${provider}_CLIENT_ID`, `${provider}_CLIENT_SECRET`];
  const clientId = value(source, idName);
  const clientSecret = value(source, secretName);
  if (!clientId && !clientSecret) return null;
  if (!clientId) problems.push(`${idName} is missing: ${secretName} is set without it.`);
  if (!clientSecret) problems.push(`${secretName} is missing: ${idName} is set without it.`);
  return { clientId: clientId ?? "", clientSecret: clientSecret ?? "" };
}

function readObservability(source: Source, problems: string[]): Env["observability"] {
  const address = (name: string): string | null => {
    const raw = value(source, name);
    if (!raw) return null;
    if (!/^https?:$/.test(parseUrl(raw)?.protocol ?? "")) problems.push(`${name} is not an address.`);
    return trimSlash(raw);
  };
  return {
    otlpEndpoint: address("OTEL_EXPORTER_OTLP_ENDPOINT"),
    sentryDsn: address("SENTRY_DSN"),
    slowQueryMs: readWholeNumber(source, "SLOW_QUERY_MS", 200, problems),
  };
}

function readWholeNumber(source: Source, name: string, standard: number, problems: string[]): number {
  const raw = value(source, name);
  if (!raw) return standard;
  const number = Number(raw);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  problems.push(`${name} is not a whole number: "${raw}".`);
  return standard;
}

function readPort(source: Source, name: string, standard: number, problems: string[]): number {
  const raw = value(source, name);
  if (!raw) return standard;
  const port = Number(raw);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  problems.push(`${name} is not a port: "${raw}".`);
  return standard;
}

function value(source: Source, name: string): string | undefined {
  return source[name]?.trim() || undefined;
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

function withoutCredentials(databaseUrl: string): string {
  const url = parseUrl(databaseUrl);
  return url ? `${url.host}${url.pathname}` : "(not an address)";
}

let decided: EnvResult | undefined;

/** The running server's configuration, read once. */
export function envResult(): EnvResult {
  decided ??= readEnv(process.env);
  return decided;
}
