import { spawn } from "node:child_process";
import { join } from "node:path";

import { expect, test } from "vitest";

import { identifyProcess } from "@/local/process-identity";

import { createChildProcesses } from "./child-processes";

/** A process with a child of its own; it prints both numbers. */
const FAMILY = `
  const { spawn } = require("node:child_process");
  const grandchild = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  console.log(process.pid + " " + grandchild.pid);
  setInterval(() => {}, 1000);`;

function readPids(stream: NodeJS.ReadableStream | null): Promise<number[]> {
  return new Promise((resolve) => {
    stream?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim().split(" ").map(Number)));
  });
}

function areGone(pids: number[]): boolean {
  return pids.length === 2 && pids.every((pid) => identifyProcess(pid) === null);
}

test("a run reports how it ended and what it printed", async () => {
  const children = createChildProcesses();
  expect(await children.run(["-e", "console.log(process.env.X)"], { X: "given" })).toEqual({
    ok: true,
    output: "given",
  });
  expect(await children.run(["-e", "console.error('no'); process.exit(3)"])).toEqual({
    ok: false,
    output: "no",
  });
});

test("a stop ends children and their children, and what is started later", async () => {
  const children = createChildProcesses();
  const pids = await readPids(children.start(["-e", FAMILY]).stdout);
  expect(areGone(pids)).toBe(false);
  await children.stopAll();
  await expect.poll(() => areGone(pids)).toBe(true);
  expect((await children.run(["-e", "setInterval(() => {}, 1000)"])).ok).toBe(false);
});

test("no child outlives a parent killed with -9", async () => {
  const script = `
    import { createChildProcesses } from ${JSON.stringify(join(import.meta.dirname, "child-processes.ts"))};
    createChildProcesses().start(["-e", ${JSON.stringify(FAMILY)}]).stdout.pipe(process.stdout);`;
  const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pids = await readPids(parent.stdout);
  parent.kill("SIGKILL");
  await expect.poll(() => areGone(pids), { timeout: 5000 }).toBe(true);
});
