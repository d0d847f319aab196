import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

import { DEMO_ACCOUNTS } from "@/lib/domain/demo-account";
import { type Env, type ExternalSystem, readEnv } from "@/lib/env";
import { readLocalDataDir, resetLocalData } from "@/local/data-folder";
import { isPortFree } from "@/local/free-port";
import { onStopSignal } from "@/local/on-stop-signal";
import { readLocalPorts } from "@/local/ports";
import { LocalStartError } from "@/local/start-error";
import { LOCAL_SERVICE_NAMES, type LocalServiceName, startLocalServices } from "@/local/start-local-services";

import { buildApp, isBuildCurrent } from "./build-app";
import { type ChildProcesses, createChildProcesses } from "./child-processes";
import { runScheduledJobs } from "./scheduled-jobs";
import { describePortOwner, isTollkeeperOn, serveApp } from "./serve-app";
import { step } from "./step.mjs";

type Options = {
  isDev: boolean;
  isReset: boolean;
  /** Without the demo accounts and their history. */
  isEmpty: boolean;
};

/** What has been started so far, to be stopped in the opposite order. */
type Stops = (() => Promise<void> | void)[];

/**
 * Everything between an installed checkout and a page in the browser: starts what is missing locally, migrates,
 * seeds, builds and serves, then stays until Ctrl-C. Outside local mode it starts no stand-in.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dev: { type: "boolean", default: false },
      empty: { type: "boolean", default: false },
      reset: { type: "boolean", default: false },
    },
  });
  if (existsSync(".env")) process.loadEnvFile(".env");
  const env = decideEnv();
  const port = decidePort(env);
  if (await isTollkeeperOn(port)) {
    console.log(`Tollkeeper is running already: ${env.appUrl}`);
    return;
  }
  if (!(await isPortFree(port, env.local ? "127.0.0.1" : "0.0.0.0"))) {
    throw new LocalStartError(
      `Port ${port} for the app is in use${describePortOwner(port)}: stop what uses it, or set PORT to a free one.`,
    );
  }

  const stops: Stops = [];
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  let isStopping = false;
  onStopSignal(() => {
    isStopping = true;
    return stopAll();
  });
  try {
    const { dev: isDev, reset: isReset, empty: isEmpty } = values;
    await bringUp(env, port, { isDev, isReset, isEmpty }, stops);
  } catch (error) {
    // Stopping ends the steps under way; how they fail then is nobody's concern.
    if (isStopping) return;
    await stopAll();
    throw error;
  }
}

function decideEnv(): Env {
  const result = readEnv(process.env);
  if (result.ok) return result.env;
  for (const problem of result.problems) console.error(`  ${problem}`);
  throw new LocalStartError(
    "The configuration is not complete: set the variables above, in the environment or in .env.",
  );
}

/** PORT, else the port in a local APP_URL, else 3000. Everything started from here reads it from PORT. */
function decidePort(env: Env): number {
  if (!process.env.PORT && env.local) process.env.PORT = new URL(env.appUrl).port || "80";
  return readLocalPorts(process.env).app;
}

async function bringUp(env: Env, port: number, options: Options, stops: Stops): Promise<void> {
  const startedAt = performance.now();
  const standIns = env.local ? LOCAL_SERVICE_NAMES.filter((name) => isLocal(env.systems, name)) : [];
  if (standIns.length > 0) stops.push(await startStandIns(env, standIns, options));

  const children = createChildProcesses();
  stops.push(() => children.stopAll());
  await step("Migrate", (note) => migrate(children, env, note));
  await step("Seed", (note) => seed(children, options, note));
  if (!options.isDev) {
    const distDir = process.env.TOLLKEEPER_DIST_DIR ?? ".next";
    await step("Build", async (note) => {
      if (isBuildCurrent(distDir)) note("nothing changed");
      else await buildApp(children, distDir);
    });
  }
  const app = await step("Serve", () =>
    serveApp(children, { port, isLocal: env.local, isDev: options.isDev }),
  );
  app.once("exit", (code) => {
    // On a stop the list is empty: the app ended because it was asked to.
    if (stops.length === 0) return;
    console.error(`The app ended unexpectedly (code ${code}): see above.`);
    void Promise.all(
      stops
        .splice(0)
        .reverse()
        .map((stop) => stop()),
    ).then(() => process.exit(1));
  });
  if (env.local) {
    const jobs = runScheduledJobs(`http://127.0.0.1:${port}`, env.cronSecret, console.error);
    stops.push(() => jobs.stop());
  }
  printOverview(env, options, (performance.now() - startedAt) / 1000);
}

function isLocal(systems: ExternalSystem[], name: LocalServiceName): boolean {
  return systems.some((system) => system.mode === "local" && system.name.toLowerCase() === name);
}

async function startStandIns(
  env: Env,
  only: LocalServiceName[],
  options: Options,
): Promise<() => Promise<void>> {
  const dataDir = readLocalDataDir(process.env);
  if (options.isReset) resetLocalData(dataDir);
  const ports = readLocalPorts(process.env);
  const services = await step("Stand-ins", async (note) => {
    const started = await startLocalServices({ ports, dataDir, appUrl: env.appUrl, only });
    note(
      started.managerPid === process.pid
        ? only.join(", ")
        : `running already, in process ${started.managerPid}`,
    );
    return started;
  });
  return () => services.close();
}

async function migrate(children: ChildProcesses, env: Env, note: (text: string) => void): Promise<void> {
  const result = await children.run(["--import", "tsx", "scripts/migrate.ts"], {
    DATABASE_URL: env.databaseUrl,
  });
  if (!result.ok) {
    console.error(result.output);
    const advice = env.local
      ? 'correct it, or start afresh with "npm run local -- --reset"'
      : "check DATABASE_URL";
    throw new LocalStartError(`The migration of the database failed: see above, and ${advice}.`);
  }
  const applied = result.output === "" ? 0 : result.output.split("\n").length;
  note(applied === 0 ? "nothing new" : `${applied} applied`);
}

async function seed(
  children: ChildProcesses,
  { isEmpty }: Options,
  note: (text: string) => void,
): Promise<void> {
  const result = await children.run(["--import", "tsx", "scripts/seed.ts", ...(isEmpty ? ["--empty"] : [])]);
  if (!result.ok) {
    console.error(result.output);
    throw new LocalStartError("The database could not be seeded: see above, correct it, then start again.");
  }
  note(result.output.split("\n").at(-1) ?? "");
}

function printOverview(env: Env, { isEmpty }: Options, seconds: number): void {
  const rows = [
    ["Tollkeeper", "", env.appUrl],
    ...env.systems.map(({ name, mode, url }) => [name, mode, url]),
  ];
  console.log("");
  for (const [name = "", mode = "", url = ""] of rows)
    console.log(`  ${name.padEnd(14)}${mode.padEnd(8)}${url}`);
  console.log("");
  if (env.local && !isEmpty) {
    console.log(`  Sign in with one click at ${env.appUrl}/sign-in: ${DEMO_ACCOUNTS.join(", ")}`);
    console.log(`  Call the API with a local key: Authorization: Bearer tk_local_free`);
    console.log("");
  }
  console.log(`Ready in ${seconds.toFixed(1)} s. Ctrl-C stops everything.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof LocalStartError ? error.message : error);
  process.exit(1);
});
