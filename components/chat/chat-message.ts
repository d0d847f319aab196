import type { UIMessage } from "ai";
import type { SubscriptionContext } from "@/lib/domain/subscription-context";

/** A message of the playground. An answer that came to its end says what it left of the plan. */
export type ChatMessage = UIMessage<SubscriptionContext>;

export function messageText(message: ChatMessage): string {
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** The conversation without its last question and whatever follows it. */
export function withoutLastQuestion(messages: ChatMessage[]): ChatMessage[] {
  const index = messages.findLastIndex((message) => message.role === "user");
  return index === -1 ? messages : messages.slice(0, index);
}
