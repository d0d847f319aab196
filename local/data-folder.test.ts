import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readLocalDataDir, resetLocalData } from "./data-folder";
import { acquireManagerLock } from "./manager-lock";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tollkeeper-data-"));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test("each catalogue has a data folder of its own", () => {
  expect(readLocalDataDir({})).toBe(resolve(".local/community"));
  expect(readLocalDataDir({ CATALOGUE: "learning" })).toBe(resolve(".local/learning"));
  expect(readLocalDataDir({ LOCAL_DATA_DIR: "/elsewhere", CATALOGUE: "learning" })).toBe("/elsewhere");
});

test("a catalogue's name never leads out of .local", () => {
  expect(() => readLocalDataDir({ CATALOGUE: "../../etc" })).toThrow("CATALOGUE must be");
});

test("a reset deletes what the stand-ins made, a database that lies elsewhere included, and nothing else", () => {
  const outside = join(dataDir, "outside");
  for (const folder of [outside, join(dataDir, "mail"), join(dataDir, "stripe")]) mkdirSync(folder);
  symlinkSync(outside, join(dataDir, "postgres"));
  writeFileSync(join(dataDir, "mine.txt"), "kept");
  resetLocalData(dataDir);
  const isThere = (name: string) => existsSync(join(dataDir, name));
  expect(["outside", "mail", "stripe", "postgres", "mine.txt"].filter(isThere)).toEqual(["mine.txt"]);
});

test("a reset is refused while the stand-ins run", () => {
  mkdirSync(join(dataDir, "mail"));
  acquireManagerLock(dataDir, { appUrl: "", ports: { postgres: 1, redis: 2, mail: 3, stripe: 4 } });
  expect(() => resetLocalData(dataDir)).toThrow(`running (process ${process.pid})`);
  expect(existsSync(join(dataDir, "mail"))).toBe(true);
});
