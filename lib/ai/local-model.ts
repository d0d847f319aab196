import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";

/** Between two words, so that streaming can be seen and stopped. */
const WORD_DELAY_MS = 15;

/**
 * The model of local mode: no network, and the same question always gets the same answer and the same usage.
 * A question that contains "[fail]" makes it break off after a few words, as providers do.
 */
export function localModel(): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "tollkeeper-local",
    modelId: "local-1",
    supportedUrls: {},
    async doGenerate(options) {
      const { words, usage } = answer(options);
      return {
        content: [{ type: "text", text: words.join("") }],
        finishReason: { unified: "stop", raw: "stop" },
        usage,
        warnings: [],
      };
    },
    async doStream(options) {
      return { stream: streamAnswer(options) };
    },
  };
}

function streamAnswer(options: LanguageModelV4CallOptions): ReadableStream<LanguageModelV4StreamPart> {
  const { words, usage, breaksOff } = answer(options);
  let next = 0;
  return new ReadableStream<LanguageModelV4StreamPart>({
    start(controller) {
      controller.enqueue({ type: "stream-start", warnings: [] });
      controller.enqueue({ type: "text-start", id: "text" });
    },
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, WORD_DELAY_MS));
      if (options.abortSignal?.aborted) return controller.error(options.abortSignal.reason);
      if (breaksOff && next === 3)
        return controller.error(new Error("The local model broke off, as it was asked to."));
      const word = words[next];
      next += 1;
      if (word !== undefined) return controller.enqueue({ type: "text-delta", id: "text", delta: word });
      controller.enqueue({ type: "text-end", id: "text" });
      controller.enqueue({ type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage });
      controller.close();
    },
  });
}

function answer(options: LanguageModelV4CallOptions): {
  words: string[];
  usage: LanguageModelV4Usage;
  breaksOff: boolean;
} {
  const question = lastQuestion(options).slice(0, 200);
  const text =
    `You asked: “${question}”. I am the local model: I run without a network and always answer the same. ` +
    "Set AI_PROVIDER_KEY to talk to a real one; the counting around me stays exactly as it is.";
  const words = text.split(/(?<=\s)/);
  const input = Math.ceil(JSON.stringify(options.prompt).length / 4);
  return {
    words,
    breaksOff: question.includes("[fail]"),
    usage: {
      inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: words.length, text: words.length, reasoning: 0 },
    },
  };
}

function lastQuestion({ prompt }: LanguageModelV4CallOptions): string {
  const message = prompt.findLast((entry) => entry.role === "user");
  if (!message) return "";
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
