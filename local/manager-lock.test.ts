import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { acquireManagerLock, findManager } from "./manager-lock";

const DETAILS = { appUrl: "http://localhost:3000", ports: { postgres: 1, redis: 2, mail: 3, stripe: 4 } };
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tollkeeper-lock-"));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test("one manager has the data folder, and others learn who", () => {
  const lock = acquireManagerLock(dataDir, DETAILS);
  expect(acquireManagerLock(dataDir, DETAILS)).toBeNull();
  lock?.update({ services: [{ name: "Redis", url: "http://127.0.0.1:2" }] });
  expect(findManager(dataDir)).toMatchObject({ pid: process.pid, ...DETAILS, services: [{ name: "Redis" }] });
});

test("the folder is free again after a release, with nothing left in it", () => {
  acquireManagerLock(dataDir, DETAILS)?.release();
  expect(findManager(dataDir)).toBeNull();
  expect(readdirSync(dataDir)).toEqual([]);
});

test.each([
  ["a process that is gone", { pid: 2 ** 22 + 1, identity: "1" }],
  ["a process whose number another one has now", { pid: process.pid, identity: "1" }],
])("the lock of %s counts for nothing", (_case, dead) => {
  writeFileSync(join(dataDir, "manager.json"), JSON.stringify({ ...DETAILS, services: [], ...dead }));
  expect(findManager(dataDir)).toBeNull();
  expect(acquireManagerLock(dataDir, DETAILS)).not.toBeNull();
});

test("a lock file cut off by a crash counts for nothing", () => {
  writeFileSync(join(dataDir, "manager.json"), '{"pid":');
  expect(acquireManagerLock(dataDir, DETAILS)).not.toBeNull();
});
