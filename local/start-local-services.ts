import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { startPostgres } from "@/local/postgres/start-postgres";

import { LOCAL_CREDENTIALS } from "./credentials";
import { acquireManagerLock, findManager, type Manager } from "./manager-lock";
import type { LocalPorts } from "./ports";
import type { LocalService } from "./service";
import { LocalStartError } from "./start-error";
import { startInWorker } from "./start-in-worker";
import { supervise } from "./supervise";

export const LOCAL_SERVICE_NAMES = ["postgres", "redis", "mail", "stripe"] as const;
export type LocalServiceName = (typeof LOCAL_SERVICE_NAMES)[number];

export type LocalServicesOptions = {
  /** 0 takes a free one. */
  ports: Omit<LocalPorts, "app">;
  dataDir: string;
  /** Where the local Stripe sends its webhooks and its clock, e.g. "http://localhost:3000". */
  appUrl: string;
  /** All of them by default. */
  only?: readonly LocalServiceName[];
  /** Where the local Stripe sends its webhooks in place of the app's endpoint; its clock then is nobody's but its own. */
  webhookUrls?: readonly string[];
  /** Takes one line for the person at the terminal. */
  report?: (line: string) => void;
};

export type LocalServices = {
  services: LocalService[];
  /** The process they run in: this one, or another that had started them already. */
  managerPid: number;
  /** Stops what this call started, nothing else. Safe to call twice. */
  close(): Promise<void>;
};

const OTHER_MANAGER_TIMEOUT_MS = 30_000;

/**
 * Starts the stand-ins on a data folder, or finds them running there. Postgres is a process of its
 * own, the others are threads of this one; each is started again if it dies.
 *
 * @throws LocalStartError with one line for the person at the terminal; nothing is left running then.
 */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const names = options.only ?? LOCAL_SERVICE_NAMES;
  const lock = acquireManagerLock(options.dataDir, { appUrl: options.appUrl, ports: options.ports });
  if (lock === null) return adoptRunningServices(options, names);

  const outcomes = await Promise.allSettled(names.map((name) => startSupervised(name, options)));
  const services = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= closeInOrder(services).finally(() => lock.release());
    return closing;
  };
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  lock.update({ services: services.map(({ name, url }) => ({ name, url })) });
  return { services, managerPid: process.pid, close };
}

function startSupervised(name: LocalServiceName, options: LocalServicesOptions): Promise<LocalService> {
  const report = options.report ?? console.error;
  const folder = (subfolder: string) => join(options.dataDir, subfolder);
  switch (name) {
    case "postgres":
      return supervise((port) => {
        const databases = [LOCAL_CREDENTIALS.databaseName];
        return startPostgres({
          port: port ?? options.ports.postgres,
          dataDir: folder("postgres"),
          durable: true,
          databases,
        });
      }, report);
    case "redis":
      return supervise(
        (port) => startInWorker({ service: name, options: { port: port ?? options.ports.redis } }),
        report,
      );
    case "mail":
      return supervise((port) => {
        return startInWorker({
          service: name,
          options: { port: port ?? options.ports.mail, dataDir: folder("mail") },
        });
      }, report);
    case "stripe":
      return supervise((port) => {
        const { appUrl, webhookUrls } = options;
        const urls = webhookUrls ?? [`${appUrl}/api/v1/webhooks/stripe`];
        return startInWorker({
          service: name,
          options: {
            port: port ?? options.ports.stripe,
            dataDir: folder("stripe"),
            webhookEndpoints: urls.map((url) => ({ url, secret: LOCAL_CREDENTIALS.stripeWebhookSecret })),
            clockFollowers: webhookUrls ? [] : [`${appUrl}/api/local/clock`],
          },
        });
      }, report);
  }
}

/** The database leaves last: the others may still be answering somebody who needs it. */
async function closeInOrder(services: LocalService[]): Promise<void> {
  const isDatabase = (service: LocalService) => service.name === "Postgres";
  await Promise.all(services.filter((service) => !isDatabase(service)).map((service) => service.close()));
  await Promise.all(services.filter(isDatabase).map((service) => service.close()));
}

/** Another living process has the data folder: its stand-ins are used once all of them answer. */
async function adoptRunningServices(
  options: LocalServicesOptions,
  names: readonly LocalServiceName[],
): Promise<LocalServices> {
  const deadline = Date.now() + OTHER_MANAGER_TIMEOUT_MS;
  let manager: Manager | null = null;
  while (Date.now() < deadline) {
    manager = findManager(options.dataDir);
    // The other one has just ended: the folder is free again.
    if (manager === null) return startLocalServices(options);
    if (manager.services.length > 0 && (await allAnswer(manager)))
      return describeRunning(options, names, manager);
    await sleep(200);
  }
  const pid = manager?.pid;
  throw new LocalStartError(
    `The stand-ins of process ${pid} do not answer: run "kill ${pid}", then start again.`,
  );
}

function describeRunning(
  options: LocalServicesOptions,
  names: readonly LocalServiceName[],
  manager: Manager,
): LocalServices {
  const running = manager.services.map((service) => ({ ...service, close: () => Promise.resolve() }));
  const missing = names.find((name) => !running.some((service) => service.name.toLowerCase() === name));
  if (missing !== undefined) {
    throw new LocalStartError(
      `Process ${manager.pid} runs the stand-ins without ${missing}: stop it (Ctrl-C in its terminal), then start again.`,
    );
  }
  if (manager.appUrl !== options.appUrl) {
    throw new LocalStartError(
      `The stand-ins of process ${manager.pid} serve ${manager.appUrl}, not ${options.appUrl}: stop them (Ctrl-C in their terminal), or use the same PORT.`,
    );
  }
  for (const name of names) {
    if (manager.ports[name] !== options.ports[name]) {
      throw new LocalStartError(
        `The stand-ins of process ${manager.pid} run ${name} on port ${manager.ports[name]}, not ${options.ports[name]}: stop them (Ctrl-C in their terminal), or use the same ports.`,
      );
    }
  }
  return { services: running, managerPid: manager.pid, close: () => Promise.resolve() };
}

async function allAnswer(manager: Manager): Promise<boolean> {
  const answers = await Promise.all(manager.services.map((service) => isListening(new URL(service.url))));
  return answers.every(Boolean);
}

function isListening(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), timeout: 1000 });
    const finish = (isAnswered: boolean) => {
      socket.destroy();
      resolve(isAnswered);
    };
    socket.once("connect", () => finish(true));
    socket.once("timeout", () => finish(false));
    socket.once("error", () => finish(false));
  });
}
