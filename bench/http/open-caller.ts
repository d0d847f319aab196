import { Agent, request } from "node:http";

export type Target = {
  name: string;
  path: string;
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** What it is to answer; 200 unless said. */
  status?: number;
};

export type Caller = {
  /** Resolves when it is answered whole. @throws Error for any other status: a refusal is no figure. */
  call(target: Target): Promise<void>;
  close(): void;
};

/** Calls an address over so many kept-alive connections. */
export function openCaller(baseUrl: string, connections: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    call({ name, path, method = "GET", headers = {}, body, status = 200 }) {
      const payload = body === undefined ? null : Buffer.from(JSON.stringify(body));
      const described = payload
        ? { "content-type": "application/json", "content-length": String(payload.length) }
        : {};
      return new Promise((resolve, reject) => {
        const sent = request(
          new URL(path, baseUrl),
          { agent, method, headers: { ...headers, ...described } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.once("error", reject);
            response.once("end", () => {
              if (response.statusCode === status) resolve();
              else
                reject(
                  new Error(
                    `${name} answered ${response.statusCode}: ${Buffer.concat(chunks).toString().slice(0, 300)}`,
                  ),
                );
            });
          },
        );
        sent.once("error", reject);
        sent.end(payload);
      });
    },
    close: () => agent.destroy(),
  };
}
