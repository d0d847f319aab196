import { readdirSync } from "node:fs";
import type { NextConfig } from "next";
import { aliasRewrites } from "./lib/http/path-aliases";
import { FALLBACK_HEADERS } from "./lib/security-headers";

const config: NextConfig = {
  // Written into the build, so nothing here may depend on the running configuration; proxy.ts replaces what does.
  headers: async () => [
    {
      source: "/:path*",
      headers: Object.entries(FALLBACK_HEADERS).map(([key, value]) => ({ key, value })),
    },
  ],
  rewrites: async () => aliasRewrites(),
  // What the running server compares its database with; no configuration, and read nowhere but on the server.
  env: {
    BUILT_WITH_MIGRATIONS: readdirSync("prisma/migrations")
      .filter((name) => /^\d/.test(name))
      .join(","),
  },
  // Tests build beside a running `npm start`; each needs its own output.
  distDir: process.env.TOLLKEEPER_DIST_DIR ?? ".next",
  // Stripe counts a redirect as a failed delivery, so a path with a trailing slash is answered directly.
  skipTrailingSlashRedirect: true,
  poweredByHeader: false,
  typedRoutes: false,
  // The check before the build covers types; building twice as fast matters on a laptop.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "pg",
    "stripe",
    "@opentelemetry/api",
    "@opentelemetry/exporter-trace-otlp-http",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-trace-node",
    "@sentry/node-core",
  ],
};

export default config;
