import type { Clock } from "@/local/stripe/clock";
import type { Answer } from "@/local/stripe/http/answer";
import type { ApiRequest } from "@/local/stripe/http/handle-api-request";
import type { PageRequest } from "@/local/stripe/http/hosted-pages";
import type { Store } from "@/local/stripe/store/store";
import type { Messages } from "./dashboard/messages";
import type { Faults } from "./faults";
import type { Jobs } from "./jobs";
import type { Recorder } from "./recorder";
import type { RequestLog } from "./request-log";
import type { Snapshots } from "./snapshots";

/** The parts of the running server the lab may touch. */
export type Lab = {
  store: Store;
  clock: Clock;
  faults: Faults;
  requestLog: RequestLog;
  jobs: Jobs;
  messages: Messages;
  snapshots: Snapshots;
  recorder: Recorder;
  baseUrl: string;
  clockFollowers: readonly string[];
  /** Wipes everything and puts the configured endpoints back; ids begin afresh from the seed, else from that given at start. */
  reset(seed: string | null): void;
  /** Puts the configured endpoints back into a store that was filled anew. */
  syncEndpoints(): void;
  /** Makes a call to `/v1` as a client does. */
  callApi(request: ApiRequest): Promise<Answer>;
  /** Opens a customer's page, or sends its form, as a browser does. */
  openPage(request: PageRequest): Promise<Answer>;
  /** Says that deliveries may be due. */
  kick(): void;
  /** Delivers what a leap made due, in order; resolves when the endpoints have answered. */
  catchUpDeliveries(): Promise<void>;
};
