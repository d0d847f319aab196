import { createServer } from "node:http";
import v8 from "node:v8";
import vm from "node:vm";

/**
 * Says how much memory the server under a soak keeps, after a full collection. bench/soak.ts has Node load it before the
 * app (`NODE_OPTIONS=--import=…`), on a port of this machine; the app neither knows of it nor contains it.
 */
const isServer = process.argv[1]?.endsWith("next/dist/bin/next") && process.argv[2] === "start";
if (isServer && process.env.HEAP_WATCH_PORT) {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  const server = createServer((_request, response) => {
    collect();
    collect();
    response.end(JSON.stringify(process.memoryUsage()));
  });
  server.listen(Number(process.env.HEAP_WATCH_PORT), "127.0.0.1");
  server.unref();
}
