import type { Context } from "@/lib/context";
import { runCheck, type SystemCheck, withoutAsking } from "./system-check";

export async function checkAiProvider(ctx: Context): Promise<SystemCheck> {
  const { ai } = ctx.env;
  if (!ai) {
    return withoutAsking(
      ctx.env.local
        ? { state: "works", summary: "A small deterministic model answers in this process.", facts: [] }
        : {
            state: "off",
            summary: "Not configured. The playground says so; everything else works.",
            facts: [],
          },
    );
  }
  return runCheck("The AI provider does not answer. Check AI_PROVIDER_BASE_URL.", async (signal) => {
    const response = await fetch(`${ai.baseUrl}/models`, {
      headers: { authorization: `Bearer ${ai.key}` },
      signal,
    });
    await response.body?.cancel();
    const facts = [{ term: "Model", detail: ai.model }];
    if (response.status === 401 || response.status === 403) {
      return { state: "failed", summary: "The provider refuses AI_PROVIDER_KEY. Copy it again.", facts };
    }
    // Not every provider that speaks OpenAI's protocol lists its models.
    if (!response.ok) {
      return {
        state: "attention",
        summary: `The provider answers, but not to a question for its models (${response.status}): the key was not checked.`,
        facts,
      };
    }
    return { state: "works", summary: "Answers and accepts the key.", facts };
  });
}
