import { APICallError } from "ai";
import { z } from "zod";

/** Why a question got no answer, or only part of one. */
export type ChatProblem =
  | {
      kind: "limit";
      title: string;
      window: "day" | "month" | "period" | "lifetime";
      limit: number;
      used: number;
      /** ISO 8601; null = never. */
      resetAt: string | null;
      suggestion: { plan: string; name: string } | null;
    }
  | { kind: "signed_out" }
  /** The server said no, and why. */
  | { kind: "refused"; text: string }
  /** Nobody answered at all. */
  | { kind: "unreachable" }
  /** The answer had begun. */
  | { kind: "broken_off"; text: string };

const Problem = z.object({ title: z.string(), code: z.string() });
const LimitProblem = Problem.extend({
  window: z.enum(["day", "month", "period", "lifetime"]),
  limit: z.number(),
  used: z.number(),
  reset_at: z.string().nullable(),
  // Whatever else may be suggested one day, the rest of the answer stands.
  suggestion: z.object({ plan: z.string(), name: z.string() }).nullable().catch(null),
});

/** What an error of the chat means. The body of a refusal is `application/problem+json`. */
export function readChatProblem(error: Error): ChatProblem {
  if (error instanceof TypeError) return { kind: "unreachable" };
  // Not the answer to the request: an error inside the stream, whose text was made for the reader.
  if (!APICallError.isInstance(error)) return { kind: "broken_off", text: error.message };
  const body = parseJson(error.responseBody);
  const limit = LimitProblem.safeParse(body);
  if (limit.success && limit.data.code === "limit_reached") {
    const { title, window, limit: amount, used, reset_at: resetAt, suggestion } = limit.data;
    return { kind: "limit", title, window, limit: amount, used, resetAt, suggestion };
  }
  if (error.statusCode === 401) return { kind: "signed_out" };
  const problem = Problem.safeParse(body);
  return { kind: "refused", text: problem.success ? problem.data.title : "The server did not say why." };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}
