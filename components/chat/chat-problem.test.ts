import { APICallError } from "ai";
import { describe, expect, it } from "vitest";
import { readChatProblem } from "./chat-problem";

function refusal(statusCode: number, body: unknown): APICallError {
  const responseBody = typeof body === "string" ? body : JSON.stringify(body);
  return new APICallError({
    message: responseBody,
    url: "/api/ai/chat",
    requestBodyValues: undefined,
    statusCode,
    responseBody,
  });
}

const limit = {
  title: "Upgrade or buy tokens",
  code: "limit_reached",
  meter: "ai_requests",
  window: "day",
  limit: 3,
  used: 3,
  reset_at: "2026-11-29T00:00:00.000Z",
  suggestion: { kind: "upgrade", plan: "pro", name: "Pro" },
};

describe("what an error of the chat means", () => {
  it("a limit, with all that explains it", () => {
    expect(readChatProblem(refusal(403, limit))).toEqual({
      kind: "limit",
      title: "Upgrade or buy tokens",
      window: "day",
      limit: 3,
      used: 3,
      resetAt: "2026-11-29T00:00:00.000Z",
      suggestion: { plan: "pro", name: "Pro" },
    });
  });

  it("a limit that never opens again", () => {
    const lifetime = { ...limit, window: "lifetime", limit: 0, used: 0, reset_at: null };
    expect(readChatProblem(refusal(403, lifetime))).toMatchObject({ kind: "limit", resetAt: null });
  });

  it("a limit whatever status the catalogue gives it, and without a plan to suggest", () => {
    expect(readChatProblem(refusal(402, { ...limit, suggestion: null }))).toMatchObject({
      kind: "limit",
      suggestion: null,
    });
  });

  it("a limit even where something else than a plan is suggested", () => {
    const suggestion = { kind: "another", name: "Another" };
    expect(readChatProblem(refusal(403, { ...limit, suggestion }))).toMatchObject({
      kind: "limit",
      suggestion: null,
    });
  });

  it.each([
    [
      "a missing session",
      refusal(401, { title: "Please sign in.", code: "unauthenticated" }),
      { kind: "signed_out" },
    ],
    [
      "another 403",
      refusal(403, { title: "No AI chat.", code: "forbidden" }),
      { kind: "refused", text: "No AI chat." },
    ],
    [
      "a 503",
      refusal(503, { title: "Not now.", code: "ai_unavailable" }),
      { kind: "refused", text: "Not now." },
    ],
    ["a proxy's page", refusal(502, "<html>"), { kind: "refused", text: "The server did not say why." }],
    ["a dead network", new TypeError("Failed to fetch"), { kind: "unreachable" }],
    ["a broken stream", new Error("The AI broke off."), { kind: "broken_off", text: "The AI broke off." }],
  ])("%s", (_what, error, problem) => {
    expect(readChatProblem(error)).toEqual(problem);
  });
});
