import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { readLocalDataDir, resetLocalData } from "./data-folder";
import { onStopSignal } from "./on-stop-signal";
import { readLocalPorts } from "./ports";
import { LocalStartError } from "./start-error";
import { startLocalServices } from "./start-local-services";

/** `npm run local`: the stand-ins alone, until Ctrl-C. `-- --reset` starts afresh. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { reset: { type: "boolean", default: false } } });
  if (existsSync(".env")) process.loadEnvFile(".env");
  const ports = readLocalPorts(process.env);
  const dataDir = readLocalDataDir(process.env);
  if (values.reset) resetLocalData(dataDir);

  const startedAt = performance.now();
  const appUrl = process.env.APP_URL || `http://localhost:${ports.app}`;
  const starting = startLocalServices({ ports, dataDir, appUrl });
  onStopSignal(async () => (await starting).close());
  const { services, managerPid } = await starting;

  for (const { name, url } of services) console.log(`  ${name.padEnd(10)} ${url}`);
  if (managerPid !== process.pid) {
    console.log(`The stand-ins are running already, in process ${managerPid}.`);
    process.exit(0);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `The stand-ins run (${seconds} s), for an app on ${appUrl}. Data: ${dataDir}. Ctrl-C stops them.`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof LocalStartError ? error.message : error);
  process.exit(1);
});
