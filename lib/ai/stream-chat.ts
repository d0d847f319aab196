import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  type LanguageModelMiddleware,
  streamText,
  toUIMessageStream,
  type UIMessage,
  wrapLanguageModel,
} from "ai";
import type { Env } from "@/lib/env";
import { localModel } from "./local-model";

/** How a call to the model ended. */
export type ModelCallOutcome = {
  reason: "finish" | "abort" | "error";
  /** Whether the model gave the customer anything. */
  producedOutput: boolean;
  model: string;
  /** As the provider reported them; null when the stream was cut before it did. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** Of what it had said. */
  outputCharacters: number;
};

/** The model to use, or null where none is configured. */
export function languageModel(env: Pick<Env, "ai" | "local">): LanguageModelV4 | null {
  if (env.ai) {
    return createOpenAICompatible({
      name: "provider",
      baseURL: env.ai.baseUrl,
      apiKey: env.ai.key,
      // Without being asked, such providers do not count a streamed answer's tokens.
      includeUsage: true,
    }).languageModel(env.ai.model);
  }
  return env.local ? localModel() : null;
}

/**
 * Streams an answer to a conversation. `settle` is called exactly once, however the call ends: finished,
 * broken off by the provider, or abandoned by the reader; what it resolves to travels to the reader as the
 * message's metadata, when there still is one.
 */
export async function streamChat(input: {
  model: LanguageModelV4;
  messages: UIMessage[];
  abortSignal: AbortSignal;
  maxOutputTokens: number;
  settle: (outcome: ModelCallOutcome) => Promise<Record<string, unknown>>;
}): Promise<Response> {
  let settled: Promise<Record<string, unknown>> | undefined;
  let metadata: Record<string, unknown> | undefined;
  const settleOnce = (outcome: ModelCallOutcome): Promise<Record<string, unknown>> => {
    settled ??= input.settle(outcome).then((context) => {
      metadata = context;
      return context;
    });
    return settled;
  };
  const result = streamText({
    model: wrapLanguageModel({ model: input.model, middleware: settleOnEnd(input.abortSignal, settleOnce) }),
    messages: await convertToModelMessages(input.messages),
    abortSignal: input.abortSignal,
    maxOutputTokens: input.maxOutputTokens,
    maxRetries: 0,
    // The outcome is recorded by `settle`; the reader gets the sentence below.
    onError: () => {},
  });
  return createUIMessageStreamResponse({
    stream: toUIMessageStream({
      stream: result.stream,
      messageMetadata: ({ part }) => (part.type === "finish" ? metadata : undefined),
      onError: () => "The AI broke off. What it had said stays; ask again to go on.",
    }),
  });
}

/** Watches the model's own stream, since an aborted one never reaches the SDK's callbacks with a usage. */
function settleOnEnd(
  abortSignal: AbortSignal,
  settle: (outcome: ModelCallOutcome) => Promise<Record<string, unknown>>,
): LanguageModelMiddleware {
  return {
    specificationVersion: "v4",
    async wrapStream({ doStream, model }) {
      const outcome = {
        producedOutput: false,
        model: model.modelId,
        inputTokens: null,
        outputTokens: null,
        outputCharacters: 0,
      };
      const cut = (reason: "abort" | "error") => settle({ ...outcome, reason });
      // Nobody waits here for the settlement; whoever gave `settle` keeps and reports its failure.
      abortSignal.addEventListener("abort", () => void cut("abort").catch(() => {}), { once: true });
      const { stream, ...rest } = await Promise.resolve(doStream()).catch(async (error: unknown) => {
        await cut(abortSignal.aborted ? "abort" : "error");
        throw error;
      });
      const reader = stream.getReader();
      const watched = new ReadableStream({
        async pull(controller) {
          try {
            const { done, value } = await reader.read();
            if (done) {
              // A provider that ends without a finish part broke off.
              await cut("error");
              return controller.close();
            }
            if (value.type === "text-delta" || value.type === "reasoning-delta") {
              outcome.producedOutput = true;
              outcome.outputCharacters += value.delta.length;
            }
            if (value.type === "error") await cut("error");
            if (value.type === "finish") {
              // Before the finish part goes on: the counts the reader is told include this very call.
              await settle({
                ...outcome,
                reason: "finish",
                inputTokens: value.usage.inputTokens.total ?? null,
                outputTokens: value.usage.outputTokens.total ?? null,
              });
            }
            controller.enqueue(value);
          } catch (error) {
            await cut(abortSignal.aborted ? "abort" : "error");
            if (abortSignal.aborted) return controller.error(error);
            // As a part of the stream, so that the reader is told in words and keeps what was said.
            controller.enqueue({ type: "error", error });
            controller.close();
          }
        },
        async cancel(reason) {
          await Promise.allSettled([cut("abort"), reader.cancel(reason)]);
        },
      });
      return { stream: watched, ...rest };
    },
  };
}
