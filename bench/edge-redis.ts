import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { startRedis } from "@/local/redis/start-redis";

/** Where a Redis is that answers, one that never does, and one that takes half a second. */
export type EdgeRedisUrls = { healthy: string; hung: string; slow: string };

const SLOW_MS = 500;

/** Runs as a process of its own, so that what Redis does is not time of the app's. */
async function main(): Promise<void> {
  const redis = await startRedis({ port: 0 });
  const urls: EdgeRedisUrls = {
    healthy: redis.url,
    hung: await serve(() => {}),
    slow: await serve((request, response) => {
      request.resume();
      setTimeout(() => response.end('{"result":null}'), SLOW_MS);
    }),
  };
  process.send?.(urls);
  process.on("disconnect", () => process.exit(0));
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // An address with a port: it listens on one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
