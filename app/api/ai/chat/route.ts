import type { UIMessage } from "ai";
import { after } from "next/server";
import { z } from "zod";
import { userRoute } from "@/lib/http/routes";
import { chat } from "@/lib/services/ai/chat";

const TextPart = z.object({ type: z.literal("text"), text: z.string().max(20_000) });
const ChatInput = z.object({
  messages: z
    .array(
      z.object({
        id: z.string().max(100),
        role: z.enum(["user", "assistant"]),
        // Whatever else the AI SDK's client keeps of an answer is not sent to a model again.
        parts: z
          .array(z.unknown())
          .transform((parts) => parts.flatMap((part) => TextPart.safeParse(part).data ?? [])),
      }),
    )
    .min(1, "must hold at least one message")
    .max(100, "must hold at most 100 messages"),
});

/** One turn of the playground's conversation, streamed. A limit is answered 403 with the stable body. */
export const POST = userRoute(ChatInput, async (ctx, viewer, { request, body }) =>
  chat(ctx, {
    customerId: viewer.customer.id,
    userId: viewer.userId,
    messages: body.messages satisfies UIMessage[],
    abortSignal: request.signal,
    waitUntil: (work) => after(() => work),
  }),
);
