import { createServer, type Server } from "node:http";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { CRON_JOBS } from "@/lib/services/setup/cron-jobs";
import { closeServer, listenLocally } from "@/local/http-server";

import { runScheduledJobs, type ScheduledJobs } from "./scheduled-jobs";

/** A busy machine is not a broken one. */
const PATIENCE = { timeout: 10_000 };

let app: Server;
let url: string;
let jobs: ScheduledJobs | undefined;
let calls: string[];
let status: number;

beforeEach(async () => {
  calls = [];
  status = 200;
  app = createServer((request, response) => {
    calls.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(status).end("{}");
  });
  url = `http://127.0.0.1:${await listenLocally(app, 0)}`;
});

afterEach(async () => {
  jobs?.stop();
  await closeServer(app);
});

test("every job is called with the secret, again and again, until stopped", async () => {
  const report = vi.fn();
  jobs = runScheduledJobs(url, "s3cret", report, 20);
  await vi.waitFor(() => expect(calls.length).toBeGreaterThanOrEqual(12), PATIENCE);
  for (const job of ["stripe-events", "stripe-commands", "reservations", "subscriptions"]) {
    expect(calls).toContain(`POST /api/cron/${job} Bearer s3cret`);
  }
  jobs.stop();
  const stopped = calls.length;
  // Eight rounds' time; of each job one call at most was on its way.
  await new Promise((resolve) => setTimeout(resolve, 160));
  expect(calls.length).toBeLessThanOrEqual(stopped + CRON_JOBS.length);
  expect(report).not.toHaveBeenCalled();
});

test("a job that keeps failing is reported once, and again after it has worked meanwhile", async () => {
  const report = vi.fn();
  status = 500;
  jobs = runScheduledJobs(url, "s3cret", report, 20);
  // Several rounds of each.
  await vi.waitFor(() => expect(calls.length).toBeGreaterThanOrEqual(5 * CRON_JOBS.length), PATIENCE);
  expect(report).toHaveBeenCalledTimes(CRON_JOBS.length);
  expect(report.mock.calls.flat().join()).toContain("reservations failed (status 500)");
  status = 200;
  const healed = calls.length;
  await vi.waitFor(
    () => expect(calls.length).toBeGreaterThanOrEqual(healed + 3 * CRON_JOBS.length),
    PATIENCE,
  );
  status = 500;
  await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(2 * CRON_JOBS.length), PATIENCE);
});
