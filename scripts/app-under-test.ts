import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findFreePort } from "@/local/free-port";
import { pinnedNode } from "@/scripts/bootstrap.mjs";

const APP_START_TIMEOUT_MS = 5 * 60_000;

/**
 * The built app with its stand-ins, started by `npm start` itself on ports and in a folder of its own, for as long as
 * `work` takes. `variables` are added to its environment.
 */
export async function withAppUnderTest<Result>(
  variables: Record<string, string>,
  work: (baseUrl: string, env: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tollkeeper-app-"));
  const env = { ...(await appEnvironment(dataDir)), ...variables };
  const app = spawn(pinnedNode(), ["scripts/start.mjs"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const log = collectOutput(app);
  try {
    await waitForHealth(`http://localhost:${env.PORT}`, app, log);
    return await work(`http://localhost:${env.PORT}`, env);
  } finally {
    await stop(app);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * What the app under test sees. Nothing of the caller's own configuration reaches it: every documented variable is
 * set to nothing, which keeps a `.env` file from filling it in.
 */
async function appEnvironment(dataDir: string): Promise<NodeJS.ProcessEnv> {
  const { PATH, HOME, LANG, TMPDIR, npm_execpath } = process.env;
  const documented = readFileSync(".env.example", "utf8").matchAll(/^([A-Z_]+)=/gm);
  const ports = await Promise.all(Array.from({ length: 5 }, () => findFreePort()));
  const [app, postgres, redis, mail, stripe] = ports.map(String);
  const env: Record<string, string | undefined> = {
    ...Object.fromEntries([...documented].map(([, name]) => [name, ""])),
    PATH,
    HOME,
    LANG,
    TMPDIR,
    npm_execpath,
    PORT: app,
    LOCAL_POSTGRES_PORT: postgres,
    LOCAL_REDIS_PORT: redis,
    LOCAL_MAIL_PORT: mail,
    LOCAL_STRIPE_PORT: stripe,
    LOCAL_DATA_DIR: dataDir,
    TOLLKEEPER_DIST_DIR: ".next-test",
  };
  return env as NodeJS.ProcessEnv; // Next's types make NODE_ENV obligatory; the app under test decides its own
}

async function waitForHealth(url: string, app: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + APP_START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (app.exitCode !== null) throw new Error(`The app ended while starting:\n${log()}`);
    const response = await fetch(`${url}/api/health`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`The app did not answer within ${APP_START_TIMEOUT_MS / 60_000} minutes:\n${log()}`);
}

function collectOutput(child: ChildProcess): () => string {
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return () => output;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(killer);
}
