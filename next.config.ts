import type { NextConfig } from "next";

/** On every answer, static files included. What depends on the running configuration cannot stand in a build. */
const SECURITY_HEADERS = [
  { key: "Content-Security-Policy", value: "frame-ancestors 'none'; base-uri 'none'; object-src 'none'" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()" },
];

const config: NextConfig = {
  headers: async () => [{ source: "/:path*", headers: SECURITY_HEADERS }],
  // Tests build beside a running `npm start`; each needs its own output.
  distDir: process.env.TOLLKEEPER_DIST_DIR ?? ".next",
  // Stripe counts a redirect as a failed delivery, so a path with a trailing slash is answered directly.
  skipTrailingSlashRedirect: true,
  poweredByHeader: false,
  typedRoutes: false,
  // The check before the build covers types; building twice as fast matters on a laptop.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pg", "stripe"],
};

export default config;
