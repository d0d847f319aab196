import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

type Received = { path: string; contentType: string; body: string };

/** A collector that takes whatever it is sent and says that it did. */
let received: Received[];
let server: http.Server;
let origin: string;
beforeEach(async () => {
  received = [];
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        path: request.url ?? "",
        contentType: request.headers["content-type"] ?? "",
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Runs a script in a server process of its own, which ends through `process.exit` as Next's does. */
async function run(script: string, env: Record<string, string>) {
  const child = spawn(
    process.execPath,
    ["--import", "./local/resolve-typescript.mjs", "--input-type=module", "-e", script],
    { env: { PATH: process.env.PATH, LOCAL_STRIPE_PORT: "1", ...env } as unknown as NodeJS.ProcessEnv },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [status] = await once(child, "close");
  return { status, output };
}

const WORK = `
  const { startServer } = await import("@/lib/start-server");
  const { logError, withLogFields } = await import("@/lib/log");
  await startServer();
  const { trace } = await import("@opentelemetry/api");
  trace.getTracer("test").startActiveSpan("GET /sign-in?token=canary-1", (span) => {
    span.setAttributes({ "http.target": "/sign-in/confirm?token=canary-2", "next.page": "/sign-in", note: "canary@person.test" });
    span.recordException(new Error("bad key sk_live_canary4"));
    withLogFields({ request_id: "request-1" }, () => {
      logError("request.internal", new Error("no mail to canary@person.test", { cause: new Error("whsec_canary5") }), { customer_id: "customer-1" });
      logError("request.stripe_unavailable", new Error("expected outage"));
    });
    span.end();
  });
  process.exit(0);
`;

describe("with a collector configured", () => {
  test("spans are sent to it as OTLP, redacted, the last one too when the process exits", async () => {
    const { status, output } = await run(WORK, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://${origin}` });
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(received).toHaveLength(1);
    const [{ path, contentType, body }] = received as [Received];
    expect({ path, contentType }).toEqual({ path: "/v1/traces", contentType: "application/json" });

    const { resource, scopeSpans } = JSON.parse(body).resourceSpans[0];
    expect(resource.attributes).toContainEqual({
      key: "service.name",
      value: { stringValue: "tollkeeper" },
    });
    const [span] = scopeSpans[0].spans;
    expect(span.name).toBe("GET /sign-in?token=[redacted]");
    expect(span.attributes).toContainEqual({
      key: "http.target",
      value: { stringValue: "/sign-in/confirm" },
    });
    expect(span.attributes).toContainEqual({ key: "next.page", value: { stringValue: "/sign-in" } });
    expect(body).not.toContain("canary");

    // The log says which trace a line belongs to.
    const line = output.split("\n").find((text) => text.includes("request.internal")) ?? "";
    expect(JSON.parse(line)).toMatchObject({ request_id: "request-1", trace_id: span.traceId });
  });

  test("the process exits all the same when the collector does not answer", async () => {
    const { status } = await run(WORK, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" });
    expect(status).toBe(0);
  });
});

describe("with Sentry configured", () => {
  test("unexpected errors are reported with the request's id, redacted; outages are not", async () => {
    const { status, output } = await run(WORK, { SENTRY_DSN: `http://canarykey@${origin}/7` });
    expect({ status, output }).toMatchObject({ status: 0 });
    const reports = received.filter(({ body }) => body.includes('"type":"event"'));
    expect(reports).toHaveLength(1);
    expect(reports[0]?.path).toMatch(/^\/api\/7\/envelope\//);
    const event = JSON.parse(reports[0]?.body.trim().split("\n").at(-1) ?? "");
    expect(event).toMatchObject({
      tags: { event: "request.internal", request_id: "request-1" },
      extra: { customer_id: "customer-1" },
    });
    // The cause comes first, as Sentry has it.
    expect(event.exception.values.map(({ value }: { value: string }) => value)).toEqual([
      "[key]",
      "no mail to [address]",
    ]);
    expect(JSON.stringify(event)).not.toContain("canary");
    expect(received.map(({ body }) => body).join("")).not.toContain("expected outage");
  });
});

test("with nothing configured nothing of either is loaded, and nothing is sent", async () => {
  const script = `
    const { registerHooks } = await import("node:module");
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { startServer } = await import("@/lib/start-server");
    const { logError } = await import("@/lib/log");
    await startServer();
    logError("request.internal", new Error("x"));
    console.log(JSON.stringify(loaded.filter((url) => /opentelemetry|sentry/.test(url))));
  `;
  const { status, output } = await run(script, { LOG_LEVEL: "silent" });
  expect({ status, output }).toEqual({ status: 0, output: "[]\n" });
  expect(received).toEqual([]);
});
