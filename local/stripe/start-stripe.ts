import { createServer } from "node:http";
import { closeServer, listenLocally } from "@/local/http-server";
import type { LocalService } from "@/local/service";
import { openClock } from "./clock";
import { pruneEvents } from "./events/event-retention";
import { answerLogged } from "./http/answer-logged";
import { answerHostedPage } from "./http/hosted-pages";
import { pruneStoredAnswers } from "./http/idempotency";
import { createRouter } from "./http/match-route";
import { createRequestListener, type StripeServer } from "./http/request-listener";
import { createMessages } from "./lab/dashboard/messages";
import { createJobs } from "./lab/jobs";
import { createRecorder } from "./lab/recorder";
import { createRequestLog } from "./lab/request-log";
import { closeSnapshots, openSnapshots } from "./lab/snapshots";
import { OPERATIONS } from "./operations";
import { closeStore, inTransaction, openStore, wipeStore } from "./store/store";
import { tellFollowers } from "./time/move-clock";
import { runDueWork } from "./time/run-due-work";
import { type ConfiguredEndpoint, syncConfiguredEndpoints } from "./webhook-endpoints/configured-endpoints";
import { createDeliverer, DEFAULT_RETRY_DELAYS_MS } from "./webhook-endpoints/deliver-events";

const TICK_MS = 1000;
/** Longer than clients keep idle connections, so that none is closed just as it is used again. */
const KEEP_ALIVE_MS = 65_000;
const DEFAULT_DELIVERY_TIMEOUT_MS = 10_000;

export type StripeOptions = {
  /** 0 takes any free port. */
  port: number;
  /** Where state is kept across restarts; null keeps it in memory. */
  dataDir: string | null;
  /** Endpoints every event is delivered to from the start, as configured by hand in a Stripe dashboard. */
  webhookEndpoints: ConfiguredEndpoint[];
  /**
   * URLs told about every move of the clock: POST {"offset_ms": n} with `Authorization: Bearer <secret key>`;
   * a move returns when all have answered.
   */
  clockFollowers: string[];
  /**
   * Makes the ids of an empty store predictable: the same calls give the same ids, and secrets. A store that holds anything
   * goes on as it began.
   */
  seed?: number;
  /** Webhook retry back-off in wall-clock milliseconds; tests shorten it. */
  retryDelaysMs?: number[];
  /** Whether an answer that does not fit the SDK's types is a failure; tests turn it on. */
  checksAnswers?: boolean;
  /** How long an endpoint may take to answer, in wall-clock milliseconds; tests shorten it. */
  deliveryTimeoutMs?: number;
};

export type LocalStripe = LocalService & {
  port: number;
  /** Resolves once every delivery that is due has been attempted. */
  deliveriesSettled(): Promise<void>;
};

/**
 * Starts the stand-in Stripe on 127.0.0.1: the API under `/v1`, the checkout page under `/c/pay`, the
 * control API under `/lab`.
 * @throws Error when the port is taken.
 */
export async function startStripe(options: StripeOptions): Promise<LocalStripe> {
  const seed = options.seed === undefined ? null : String(options.seed);
  const store = openStore(options.dataDir, seed);
  const clock = openClock(store);
  const deliverer = createDeliverer(store, {
    retryDelaysMs: options.retryDelaysMs ?? DEFAULT_RETRY_DELAYS_MS,
    timeoutMs: options.deliveryTimeoutMs ?? DEFAULT_DELIVERY_TIMEOUT_MS,
  });
  const server: StripeServer = {
    store,
    clock,
    router: createRouter(OPERATIONS),
    faults: [],
    requestLog: createRequestLog(),
    jobs: createJobs(),
    messages: createMessages(),
    recorder: createRecorder(),
    snapshots: openSnapshots(options.dataDir),
    keysInFlight: new Set(),
    checksAnswers: options.checksAnswers ?? false,
    baseUrl: "",
    clockFollowers: options.clockFollowers,
    reset(newSeed) {
      wipeStore(store, newSeed ?? seed);
      server.faults.length = 0;
      server.syncEndpoints();
    },
    syncEndpoints() {
      inTransaction(store, () => syncConfiguredEndpoints(store, clock.now(), options.webhookEndpoints));
    },
    callApi: (request) => answerLogged(server, request),
    openPage: (request) => answerHostedPage(server, request),
    kick: deliverer.kick,
    catchUpDeliveries: deliverer.catchUp,
    catchUp() {
      try {
        runDueWork(store, server.baseUrl, clock.now());
        inTransaction(store, () => {
          pruneEvents(store);
          pruneStoredAnswers(store);
        });
      } catch (error) {
        // The next request fails by it too, and says so to whoever asks; the server itself stays.
        console.error("The local Stripe failed at what fell due:", error);
      }
      deliverer.kick();
    },
  };
  server.syncEndpoints();
  pruneStoredAnswers(store);

  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, createRequestListener(server));
  const port = await listenLocally(http, options.port).catch((error: unknown) => {
    closeStore(store);
    throw error;
  });
  server.baseUrl = `http://127.0.0.1:${port}`;
  // Time passes without requests too: sessions expire, announced ends arrive.
  const tick = setInterval(server.catchUp, TICK_MS);
  tick.unref();
  deliverer.kick();
  // An app that is up already has an older idea of the time; one that is not asks for it when it starts. Waited for,
  // or this could arrive after a move.
  await tellFollowers(options.clockFollowers, clock.offsetMs());

  return {
    name: "Stripe",
    url: server.baseUrl,
    port,
    deliveriesSettled: deliverer.settled,
    async close() {
      clearInterval(tick);
      await closeServer(http);
      await deliverer.close();
      closeStore(store);
      closeSnapshots(server.snapshots);
    },
  };
}
