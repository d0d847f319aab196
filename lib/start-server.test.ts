import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";

/** Starts what Next's instrumentation starts, in a process of its own with exactly this environment. */
function start(env: Record<string, string>) {
  const script =
    'const { startServer } = await import("@/lib/start-server"); await startServer(); console.log("started");';
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "./local/resolve-typescript.mjs", "--input-type=module", "-e", script],
    { env: { PATH: process.env.PATH, ...env } as unknown as NodeJS.ProcessEnv, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

describe("a server without its keys", () => {
  test.each([
    ["behind an address that others can reach", { APP_URL: "https://billing.example.com" }],
    ["on an orchestrator", { KUBERNETES_SERVICE_HOST: "10.0.0.1" }],
    ["with only Stripe's key", { STRIPE_SECRET_KEY: "sk_live_x" }],
  ])("%s does not start, and names what is missing", (_name, env) => {
    const { status, stdout, stderr } = start(env);
    expect(status).toBe(1);
    expect(stdout).not.toContain("started");
    expect(stderr).toContain("DATABASE_URL is missing");
    expect(stderr).toContain("CRON_SECRET is missing");
    expect(stderr).not.toContain("sk_live_x");
  });

  test("on serverless starts, to say so on every page: a crash loop says nothing", () => {
    const { status, stdout, stderr } = start({ VERCEL: "1" });
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: "started" });
    expect(stderr).toContain("STRIPE_SECRET_KEY is missing");
  });
});

test("with nothing set at all it starts in local mode, whether or not the local Stripe is up yet", () => {
  expect(start({ LOCAL_STRIPE_PORT: "1" })).toMatchObject({ status: 0, stderr: "" });
});
