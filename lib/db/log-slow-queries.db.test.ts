import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import { readMetrics } from "@/lib/metrics";
import { type Db, openDb } from "./client";
import { sqlShape } from "./log-slow-queries";

const SLOW_MS = 40;

let db: Db;
let lines: Record<string, unknown>[];
beforeAll(() => {
  db = openDb(inject("postgresUrl"), 2, SLOW_MS);
});
afterAll(() => db.$disconnect());
beforeEach(async () => {
  // The first query opens a connection, which may itself be slow.
  await db.$queryRaw`select 1`;
  lines = [];
  vi.stubEnv("LOG_LEVEL", "warn");
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(JSON.parse(String(line))) > 0);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const counted = () => readMetrics().find(({ name }) => name === "slow_queries")?.count ?? 0;

test("a slow query is logged with its duration and shape, and without what it was asked with", async () => {
  const before = counted();
  await db.$queryRaw`select ${"somebody's canary"}::text as word, pg_sleep(0.08)::text`;
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ event: "query.slow", sql: "select $1::text as word, pg_sleep(?)::text" });
  expect(lines[0]?.duration_ms).toBeGreaterThanOrEqual(80);
  expect(JSON.stringify(lines)).not.toContain("canary");
  expect(counted()).toBe(before + 1);
});

test("so is one inside a transaction, one that writes, and one that fails", async () => {
  await db.$transaction(async (tx) => {
    await tx.$queryRaw`select pg_sleep(0.06)::text`;
  });
  await db.$executeRaw`select pg_sleep(0.06)::text`;
  await expect(db.$queryRaw`select pg_sleep(0.06)::text, pg_sleep(0)::text::int`).rejects.toThrow();
  expect(lines.map((line) => line.event)).toEqual(["query.slow", "query.slow", "query.slow"]);
});

test("a quick query is not logged", async () => {
  await db.$queryRaw`select 1`;
  expect(lines).toEqual([]);
});

test.each([
  [
    "select * from t where a = 'o''brien' and b = 12.5 and c = $1",
    "select * from t where a = ? and b = ? and c = $1",
  ],
  ["select E'it\\'s' , $$secret$$, $tag$ secret $tag$", "select ? , ?, ?"],
  [
    'select "t1"."c2" from "t1" limit 10 -- secret\n offset $2',
    'select "t1"."c2" from "t1" limit ? offset $2',
  ],
  ["select a from t where id in ($1,$2,$3,$4,$5,$6)", "select a from t where id in ($1, …)"],
  ["insert into t (a) values ($1),($2),($3),($4)", "insert into t (a) values ($1), …"],
  ["select /* secret */ a2b::int4 from t", "select a2b::int4 from t"],
])("the shape of %s", (sql, shape) => expect(sqlShape(sql)).toBe(shape));
