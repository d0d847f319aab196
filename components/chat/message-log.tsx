import { classNames } from "@/components/class-names";
import { type ChatMessage, messageText } from "./chat-message";

/** The conversation. It is read out once an answer is whole, not word by word. */
export function MessageLog({ messages, isBusy }: { messages: ChatMessage[]; isBusy: boolean }) {
  return (
    <div role="log" aria-label="Conversation" aria-live="polite" aria-busy={isBusy}>
      <ol className="space-y-6">
        {messages.map((message) => (
          <Message key={message.id} message={message} />
        ))}
        {isBusy && messages.at(-1)?.role === "user" ? <Thinking /> : null}
      </ol>
    </div>
  );
}

function Message({ message }: { message: ChatMessage }) {
  const isUser = message.role === "user";
  return (
    <li>
      <p className="mb-1 text-small text-muted">{isUser ? "You" : "AI"}</p>
      <div
        className={classNames(
          "whitespace-pre-wrap break-words [overflow-wrap:anywhere]",
          isUser && "rounded-control bg-sunken px-4 py-2.5",
        )}
      >
        {messageText(message)}
      </div>
    </li>
  );
}

function Thinking() {
  return (
    <li>
      <p className="mb-1 text-small text-muted">AI</p>
      <p className="animate-pulse text-muted">Thinking…</p>
    </li>
  );
}
