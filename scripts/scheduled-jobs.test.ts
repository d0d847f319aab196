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

const timesOf = (job: string) => calls.filter((call) => call.includes(`/${job} `)).length;

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
  for (const { path } of CRON_JOBS) expect(calls).toContain(`POST ${path} Bearer s3cret`);
  jobs.stop();
  const stopped = calls.length;
  // Eight rounds' time; of each job one call at most was on its way.
  await new Promise((resolve) => setTimeout(resolve, 160));
  expect(calls.length).toBeLessThanOrEqual(stopped + CRON_JOBS.length);
  expect(report).not.toHaveBeenCalled();
});

test("what is due every hour elsewhere is called less often than what is due every minute", async () => {
  jobs = runScheduledJobs(url, "s3cret", vi.fn(), 2);
  await vi.waitFor(() => expect(timesOf("housekeeping")).toBeGreaterThan(1), PATIENCE);
  expect(timesOf("reservations")).toBeGreaterThan(2 * timesOf("housekeeping"));
});

test("a job that keeps failing is reported once, and again after it has worked meanwhile", async () => {
  const report = vi.fn();
  status = 500;
  jobs = runScheduledJobs(url, "s3cret", report, 20);
  await vi.waitFor(() => expect(timesOf("housekeeping")).toBeGreaterThan(2), PATIENCE);
  expect(report).toHaveBeenCalledTimes(CRON_JOBS.length);
  expect(report.mock.calls.flat().join()).toContain("reservations failed (status 500)");
  status = 200;
  const failed = timesOf("housekeeping");
  await vi.waitFor(() => expect(timesOf("housekeeping")).toBeGreaterThan(failed + 1), PATIENCE);
  status = 500;
  await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(2 * CRON_JOBS.length), PATIENCE);
});
