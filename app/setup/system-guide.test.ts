import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CRON_JOBS } from "@/lib/services/setup/cron-jobs";
import { SYSTEM_KEYS } from "@/lib/services/setup/system-check";
import { envBlock, SYSTEM_GUIDE } from "./system-guide";

const namesIn = (text: string) => [...text.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name).sort();

test("the block to paste holds every variable of .env.example, and no value", () => {
  expect(namesIn(envBlock())).toEqual(namesIn(readFileSync(".env.example", "utf8")));
  expect(envBlock()).not.toMatch(/^[A-Z0-9_]+=./m);
});

test("every system that is checked is explained, and every job of the scheduler is listed", () => {
  expect(SYSTEM_GUIDE.map(({ key }) => key).sort()).toEqual([...SYSTEM_KEYS].sort());
  expect(CRON_JOBS.map(({ path }) => path.replace("/api/cron/", "")).sort()).toEqual(
    readdirSync("app/api/cron").sort(),
  );
});
