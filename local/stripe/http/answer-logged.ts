import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { timeOfCall } from "@/local/stripe/clock";
import { type Recorder, recordCall } from "@/local/stripe/lab/recorder";
import type { RequestLog } from "@/local/stripe/lab/request-log";
import { type LoggedRequest, logRequest } from "@/local/stripe/lab/request-log";
import type { Answer } from "./answer";
import { type ApiRequest, type ApiServer, handleApiRequest } from "./handle-api-request";

/** Answers a call and remembers how, for the request log of the dashboard and the recording that may be under way. */
export async function answerLogged(
  server: ApiServer & { requestLog: RequestLog; recorder: Recorder },
  request: ApiRequest,
): Promise<Answer> {
  const start = performance.now();
  const arrivedAt = server.clock.now();
  const answer = await handleApiRequest(server, request);
  const at = timeOfCall(server.store, arrivedAt);
  logRequest(server.requestLog, {
    id: answer.headers["Request-Id"] ?? "",
    at,
    method: request.method,
    path: request.url.pathname,
    params: request.method === "POST" && request.body !== "" ? request.body : request.url.search.slice(1),
    status: answer.isDropped ? null : answer.status,
    durationMs: Math.round((performance.now() - start) * 10) / 10,
    idempotencyKey: request.idempotencyKey ?? null,
    isReplayed: answer.headers["Idempotent-Replayed"] === "true",
    error: answer.status >= 400 && !answer.isDropped ? readError(String(answer.body)) : null,
  });
  const { method, url, body, idempotencyKey: key = null } = request;
  const publishable = request.authorization?.includes(LOCAL_CREDENTIALS.stripePublishableKey) ?? false;
  const call = { at, method, path: `${url.pathname}${url.search}`, body, idempotency_key: key, publishable };
  // A call that did nothing and was never answered has nothing to be held against.
  if (answer.body !== "") recordCall(server, { ...call, status: answer.status }, answer.body);
  return answer;
}

function readError(body: string): LoggedRequest["error"] {
  // Every refusal of the API has this form.
  const { error } = JSON.parse(body) as {
    error: { type: string; message: string; code?: string; param?: string };
  };
  const { type, message, code, param } = error;
  return { type, message, code: code ?? null, param: param ?? null };
}
