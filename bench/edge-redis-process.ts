import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EdgeRedisUrls } from "./edge-redis";

/** Starts edge-redis.ts as a process of its own; it ends with `stop`, or with this process. */
export async function startEdgeRedis(): Promise<{ urls: EdgeRedisUrls; stop(): void }> {
  const child = fork(fileURLToPath(new URL("edge-redis.ts", import.meta.url)));
  const urls = await new Promise<EdgeRedisUrls>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`Redis ended with ${code}.`)));
    child.once("message", (message) => resolve(message as EdgeRedisUrls)); // the one thing it says
  });
  return { urls, stop: () => child.disconnect() };
}
