import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { UIMessage } from "ai";
import { afterEach, expect, test } from "vitest";
import { languageModel, type ModelCallOutcome, streamChat } from "./stream-chat";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Provider = (
  request: { authorization: string | undefined; body: Record<string, unknown> },
  response: ServerResponse,
) => void;

/** A provider that speaks OpenAI's protocol, as the test wants it to. */
async function startProvider(answer: Provider): Promise<string> {
  const server = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () =>
      answer({ authorization: request.headers.authorization, body: JSON.parse(body) }, response),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const chunk = (delta: object, rest: object = {}) =>
  `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m-1", choices: [{ index: 0, delta, ...rest }] })}\n\n`;
const USAGE = `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m-1", choices: [], usage: { prompt_tokens: 12, completion_tokens: 2, total_tokens: 14 } })}\n\n`;

async function talk(baseUrl: string): Promise<{ text: string; outcomes: ModelCallOutcome[] }> {
  const model = languageModel({ ai: { baseUrl, key: "key-of-the-provider", model: "m-1" }, local: false });
  if (!model) throw new Error("no model");
  const outcomes: ModelCallOutcome[] = [];
  const messages: UIMessage[] = [{ id: "1", role: "user", parts: [{ type: "text", text: "Hello" }] }];
  const response = await streamChat({
    model,
    messages,
    abortSignal: new AbortController().signal,
    maxOutputTokens: 50,
    settle: async (outcome) => {
      outcomes.push(outcome);
      return {};
    },
  });
  return { text: await response.text(), outcomes };
}

test("a provider's answer streams, and its own count of tokens is what is settled, once (S3-47)", async () => {
  let asked: Parameters<Provider>[0] | undefined;
  const baseUrl = await startProvider((request, response) => {
    asked = request;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(
      `${chunk({ role: "assistant", content: "Hel" })}${chunk({ content: "lo" })}${chunk({}, { finish_reason: "stop" })}${USAGE}data: [DONE]\n\n`,
    );
  });
  const { text, outcomes } = await talk(baseUrl);
  expect(asked?.authorization).toBe("Bearer key-of-the-provider");
  expect(asked?.body).toMatchObject({ model: "m-1", stream: true, stream_options: { include_usage: true } });
  expect(text).toContain('"delta":"Hel"');
  expect(outcomes).toEqual([
    {
      reason: "finish",
      producedOutput: true,
      model: "m-1",
      inputTokens: 12,
      outputTokens: 2,
      outputCharacters: "Hello".length,
    },
  ]);
});

test("a provider that refuses settles as an error without output, and its reason is kept from the reader", async () => {
  const baseUrl = await startProvider((_request, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        error: { message: "the key key-of-the-provider is wrong", type: "auth", param: null, code: null },
      }),
    );
  });
  const { text, outcomes } = await talk(baseUrl);
  expect(outcomes).toMatchObject([{ reason: "error", producedOutput: false }]);
  expect(text).not.toContain("key-of-the-provider");
});

test("a provider whose connection breaks settles as an error with what it had said", async () => {
  const baseUrl = await startProvider((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk({ role: "assistant", content: "Hel" }), () => response.destroy());
  });
  const { text, outcomes } = await talk(baseUrl);
  expect(outcomes).toMatchObject([{ reason: "error", producedOutput: true }]);
  expect(text).toContain("The AI broke off");
});
