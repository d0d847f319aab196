import { connect, createServer, type Socket } from "node:net";

/** A way to a server that takes `delayMs` in each direction; what is sent stays in its order. */
export async function startDelayProxy(
  to: { host: string; port: number },
  delayMs: number,
): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to.port, to.host);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (chunk) => setTimeout(() => into.write(chunk), delayMs));
      from.on("close", () => {
        sockets.delete(from);
        into.destroy();
      });
      from.on("error", () => into.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("the proxy has no port");
  return {
    port: address.port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
