import type { SystemName } from "@/lib/env";
import type { SystemKey } from "@/lib/services/setup/system-check";

type Variable = {
  name: string;
  /** Where its value is found, as a phrase. */
  where: string;
  isOptional?: boolean;
};

export type SystemGuide = {
  key: SystemKey;
  title: string;
  /** What the app needs it for. */
  purpose: string;
  /** Its name in the configuration, if it is an outside system. */
  name?: SystemName;
  variables: Variable[];
};

/** What each system is for, and what to paste where to make it real. */
export const SYSTEM_GUIDE: SystemGuide[] = [
  {
    key: "postgres",
    title: "Postgres",
    name: "Postgres",
    purpose: "Holds usage, credits, plans and history. Version 15 or newer.",
    variables: [
      {
        name: "DATABASE_URL",
        where:
          "your database provider's connection string, beginning with postgresql://; a transaction pooler is fine",
      },
    ],
  },
  {
    key: "stripe",
    title: "Stripe",
    name: "Stripe",
    purpose: "Sells: customers, subscriptions, invoices, payments.",
    variables: [
      { name: "STRIPE_SECRET_KEY", where: "Stripe dashboard, Developers, API keys, Secret key" },
      { name: "STRIPE_PUBLISHABLE_KEY", where: "Stripe dashboard, Developers, API keys, Publishable key" },
      {
        name: "STRIPE_WEBHOOK_SECRET",
        where: "Stripe dashboard, Developers, Webhooks, the endpoint below, Signing secret",
      },
    ],
  },
  {
    key: "catalogue",
    title: "Catalogue",
    purpose: "What is sold: plans, prices, limits. Every price has to exist at Stripe.",
    variables: [{ name: "CATALOGUE", where: "the name of a preset in catalogues/", isOptional: true }],
  },
  {
    key: "redis",
    title: "Redis",
    name: "Redis",
    purpose: "Shares rate limits between instances. Optional.",
    variables: [
      {
        name: "UPSTASH_REDIS_REST_URL",
        where: "Upstash console, the database, REST API, UPSTASH_REDIS_REST_URL",
        isOptional: true,
      },
      {
        name: "UPSTASH_REDIS_REST_TOKEN",
        where: "Upstash console, the database, REST API, UPSTASH_REDIS_REST_TOKEN",
        isOptional: true,
      },
    ],
  },
  {
    key: "mail",
    title: "Mail",
    name: "Mail",
    purpose: "Sends sign-in links, receipts and warnings, through Resend.",
    variables: [
      { name: "RESEND_API_KEY", where: "Resend dashboard, API Keys, Create API key" },
      { name: "MAIL_FROM", where: "an address of a domain verified at Resend, Domains" },
    ],
  },
  {
    key: "ai_provider",
    title: "AI provider",
    name: "AI provider",
    purpose: "Answers in the playground. Anything that speaks OpenAI's protocol. Optional.",
    variables: [
      {
        name: "AI_PROVIDER_BASE_URL",
        where: "the provider's API reference, ending in /v1 as a rule; OpenAI's if left out",
        isOptional: true,
      },
      { name: "AI_PROVIDER_KEY", where: "the provider's dashboard, API keys", isOptional: true },
      { name: "AI_PROVIDER_MODEL", where: "the provider's list of models", isOptional: true },
    ],
  },
  {
    key: "sign_in",
    title: "Sign-in with GitHub or Google",
    purpose: "One click instead of a mailed link. Optional.",
    variables: [
      {
        name: "GITHUB_CLIENT_ID",
        where: "GitHub, Settings, Developer settings, OAuth Apps, the app, Client ID",
        isOptional: true,
      },
      {
        name: "GITHUB_CLIENT_SECRET",
        where: "the same page, Generate a new client secret",
        isOptional: true,
      },
      {
        name: "GOOGLE_CLIENT_ID",
        where: "Google Cloud console, APIs & Services, Credentials, the OAuth client, Client ID",
        isOptional: true,
      },
      { name: "GOOGLE_CLIENT_SECRET", where: "the same page, Client secret", isOptional: true },
    ],
  },
  {
    key: "scheduler",
    title: "Scheduler",
    purpose: "Calls the jobs below. Local mode does so by itself.",
    variables: [{ name: "CRON_SECRET", where: "yours to make up: openssl rand -hex 32" }],
  },
];

/** What belongs to the app itself. */
export const APP_VARIABLES: Variable[] = [
  { name: "APP_URL", where: "the address customers reach this app at, e.g. https://billing.example.com" },
  { name: "NEXTAUTH_SECRET", where: "yours to make up: openssl rand -base64 32" },
];

/** What helps to see what happens; docs/operations.md. */
export const OPERATING_VARIABLES: Variable[] = [
  { name: "API_REQUESTS_PER_MINUTE", where: "requests of one customer a minute", isOptional: true },
  { name: "TRUSTED_PROXIES", where: "how many proxies of yours stand before the app", isOptional: true },
  {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    where: "the address of a collector that takes OTLP over HTTP",
    isOptional: true,
  },
  { name: "SENTRY_DSN", where: "Sentry, the project, Settings, Client Keys", isOptional: true },
  { name: "SLOW_QUERY_MS", where: "from how long on a query is logged as slow; 200", isOptional: true },
  { name: "LOG_LEVEL", where: "debug, info, warn, error or silent; info", isOptional: true },
  { name: "MAINTENANCE", where: "1 closes the pages; webhooks go on", isOptional: true },
];

/** Every variable with its explanation and no value, to be pasted and filled in. */
export function envBlock(): string {
  const sections = [
    { title: "This app", variables: APP_VARIABLES },
    ...SYSTEM_GUIDE,
    { title: "Seeing what happens", variables: OPERATING_VARIABLES },
  ];
  return sections
    .map(({ title, variables }) =>
      [
        `# ${title}`,
        ...variables.flatMap(({ name, where, isOptional }) => [
          `# ${isOptional ? "Optional: " : ""}${where}`,
          `${name}=`,
        ]),
      ].join("\n"),
    )
    .join("\n\n");
}
