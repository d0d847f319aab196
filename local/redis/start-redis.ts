import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";

import type { RedisValue } from "js-redis-server/core";

import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { closeServer, listenLocally, readBody } from "@/local/http-server";
import type { LocalService } from "@/local/service";

import { createRedisEngine, type RedisEngine } from "./redis-engine";
import { encodeReply, errorText } from "./reply-encoding";
import { parseRestRequest, type RestRequest } from "./rest-request";

/** Upstash's own limit on its largest plan is 10 MB a request. */
const MAX_BODY_BYTES = 10_000_000;

export type RedisOptions = {
  /** 0 takes a free one. */
  port: number;
};

type Answer = { status: number; body: unknown };

/**
 * Starts a Redis behind the REST API of Upstash on 127.0.0.1. Everything is in memory: Redis is
 * never the only record of anything, so a restart may and does forget.
 */
export async function startRedis(options: RedisOptions): Promise<LocalService> {
  const engine = createRedisEngine();
  const server = createServer((request, response) => {
    void answer(engine, request).then(({ status, body }) => {
      const text = JSON.stringify(body);
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  const port = await listenLocally(server, options.port);
  return {
    name: "Redis",
    url: `http://127.0.0.1:${port}`,
    async close() {
      await closeServer(server);
      engine.close();
    },
  };
}

async function answer(engine: RedisEngine, request: IncomingMessage): Promise<Answer> {
  try {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (!isAuthorized(request, url)) return failure(401, "WRONGPASS invalid or missing auth token");
    if (!["GET", "HEAD", "POST", "PUT"].includes(request.method ?? ""))
      return failure(405, "ERR method not allowed");
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === null) return failure(413, `ERR max request size exceeded. Limit: ${MAX_BODY_BYTES} bytes`);
    const parsed = parseRestRequest(url, body);
    if (!parsed.ok) return failure(400, parsed.error);
    return await execute(engine, parsed.request, request.headers["upstash-encoding"] === "base64");
  } catch (error) {
    return failure(500, `ERR ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failure(status: number, error: string): Answer {
  return { status, body: { error } };
}

function isAuthorized(request: IncomingMessage, url: URL): boolean {
  const header = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const given = Buffer.from(header ?? url.searchParams.get("_token") ?? "");
  const expected = Buffer.from(LOCAL_CREDENTIALS.redisToken);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function execute(engine: RedisEngine, request: RestRequest, base64: boolean): Promise<Answer> {
  const encode = (reply: RedisValue) =>
    reply.kind === "error" ? { error: errorText(reply) } : { result: encodeReply(reply, base64) };
  switch (request.kind) {
    case "command": {
      const reply = await engine.run(request.command);
      return { status: reply.kind === "error" ? 400 : 200, body: encode(reply) };
    }
    case "pipeline": {
      const results: unknown[] = [];
      for (const command of request.commands) results.push(encode(await engine.run(command)));
      return { status: 200, body: results };
    }
    case "transaction": {
      const replies = await engine.transact(request.commands);
      if (replies.kind !== "array") return { status: 400, body: encode(replies) };
      return { status: 200, body: replies.items.map(encode) };
    }
  }
}
