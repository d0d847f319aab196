import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { startRedis } from "@/local/redis/start-redis";

/** What is the matter with Redis. `wiped` = it answers, and is emptied again and again. */
export type RedisState = "well" | "refused" | "hung" | "slow" | "wiped";
export type DoorMessage = { kind: "ready"; url: string } | { kind: "changed" };

const SLOW_MS = 500;
const WIPE_EVERY_MS = 20;

/**
 * Runs as a process of its own, so that what Redis does is not time of those who ask it: a Redis behind a door that opens
 * with the state it was last told.
 */
async function main(): Promise<void> {
  const redis = await startRedis({ port: 0 });
  let state: RedisState = "well";
  let wiping: NodeJS.Timeout | undefined;
  const server = createServer((request, response) => {
    if (state === "hung") return void request.resume();
    forward(redis.url, request, response, state === "slow" ? SLOW_MS : 0).catch(() => response.destroy());
  });
  await listen(server, 0);
  // An address with a port: it listens on one.
  const { port } = server.address() as AddressInfo;
  process.on("message", async (next: RedisState) => {
    clearInterval(wiping);
    // Whoever waits behind a hung door is let go with it.
    if (state === "hung" || next === "refused") server.closeAllConnections();
    if (next === "refused") await new Promise((resolve) => server.close(resolve));
    else if (state === "refused") await listen(server, port);
    if (next === "wiped") wiping = setInterval(() => void wipe(redis.url), WIPE_EVERY_MS);
    state = next;
    tell({ kind: "changed" });
  });
  process.on("disconnect", () => process.exit(0));
  tell({ kind: "ready", url: `http://127.0.0.1:${port}` });
}

async function forward(
  redisUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
  delayMs: number,
): Promise<void> {
  const body = await buffer(request);
  const answer = await fetch(redisUrl + request.url, {
    method: "POST",
    headers: {
      authorization: request.headers.authorization ?? "",
      "content-type": request.headers["content-type"] ?? "application/json",
    },
    body: new Uint8Array(body),
  });
  const text = await answer.text();
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
}

async function wipe(redisUrl: string): Promise<void> {
  await fetch(redisUrl, {
    method: "POST",
    headers: { authorization: "Bearer tk_local_redis" },
    body: '["FLUSHALL"]',
  }).catch(() => {});
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
}

function tell(message: DoorMessage): void {
  process.send?.(message);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
