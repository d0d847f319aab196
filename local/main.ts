import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { readLocalDataDir, resetLocalData } from "./data-folder";
import { onStopSignal } from "./on-stop-signal";
import { readLocalPorts } from "./ports";
import { LocalStartError } from "./start-error";
import { LOCAL_SERVICE_NAMES, type LocalServiceName, startLocalServices } from "./start-local-services";

/**
 * `npm run local`: the stand-ins without the app, until Ctrl-C. `-- --reset` starts afresh. For another app than this one:
 * `-- --only stripe --webhook http://localhost:4242/webhook`, both as often as needed.
 */
async function main(): Promise<void> {
  const { reset, only, webhookUrls } = readArguments();
  if (existsSync(".env")) process.loadEnvFile(".env");
  const ports = readLocalPorts(process.env);
  const dataDir = readLocalDataDir(process.env);
  if (reset) resetLocalData(dataDir);

  const startedAt = performance.now();
  const appUrl = process.env.APP_URL || `http://localhost:${ports.app}`;
  const starting = startLocalServices({
    ports,
    dataDir,
    appUrl,
    ...(only ? { only } : {}),
    ...(webhookUrls ? { webhookUrls } : {}),
  });
  onStopSignal(async () => (await starting).close());
  const { services, managerPid } = await starting;

  for (const { name, url } of services) console.log(`  ${name.padEnd(10)} ${url}`);
  if (managerPid !== process.pid) {
    console.log(`The stand-ins are running already, in process ${managerPid}.`);
    process.exit(0);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const served = webhookUrls
    ? `Webhooks go to ${webhookUrls.join(", ")}`
    : `They are for an app on ${appUrl}`;
  console.log(`The stand-ins run (${seconds} s). ${served}. Data: ${dataDir}. Ctrl-C stops them.`);
}

/** @throws LocalStartError naming the argument that is wrong. */
function readArguments(): { reset: boolean; only?: LocalServiceName[]; webhookUrls?: string[] } {
  const { reset, only, webhook } = parse();
  for (const url of webhook ?? []) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new LocalStartError(`--webhook takes a URL such as http://localhost:4242/webhook, not "${url}".`);
    }
  }
  return {
    reset,
    ...(only ? { only: only.map(serviceNamed) } : {}),
    ...(webhook ? { webhookUrls: webhook } : {}),
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        reset: { type: "boolean", default: false },
        only: { type: "string", multiple: true },
        webhook: { type: "string", multiple: true },
      },
    }).values;
  } catch (error) {
    if (error instanceof TypeError) throw new LocalStartError(error.message);
    throw error;
  }
}

function serviceNamed(name: string): LocalServiceName {
  const known = LOCAL_SERVICE_NAMES.find((service) => service === name);
  if (known) return known;
  throw new LocalStartError(`--only takes ${LOCAL_SERVICE_NAMES.join(", ")}, not "${name}".`);
}

main().catch((error: unknown) => {
  console.error(error instanceof LocalStartError ? error.message : error);
  process.exit(1);
});
