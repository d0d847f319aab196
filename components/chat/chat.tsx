"use client";

import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport } from "ai";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import {
  allowanceAfterAnswer,
  allowanceLine,
  type ChatAllowance,
  comesWithAnswers,
  fetchChatAllowance,
} from "./chat-allowance";
import { type ChatMessage, messageText, withoutLastQuestion } from "./chat-message";
import { type ChatProblem, readChatProblem } from "./chat-problem";
import { Composer } from "./composer";
import { MessageLog } from "./message-log";
import { ProblemPanel } from "./problem-panel";

const TRANSPORT = new DefaultChatTransport<ChatMessage>({ api: "/api/ai/chat" });

const EXAMPLES = ["Explain a billing period in two sentences.", "What should an AI product count, and why?"];

/**
 * A conversation with the AI. What is counted comes from the server with each answer. A question that got no
 * answer, because of a limit, an error or a stop, goes back into the box it was written in.
 */
export function Chat({
  meter,
  initialAllowance,
}: {
  meter: { key: string; name: string };
  initialAllowance: ChatAllowance | null;
}) {
  const [draft, setDraft] = useState("");
  const [allowance, setAllowance] = useState(initialAllowance);
  const [problem, setProblem] = useState<ChatProblem | null>(null);
  const router = useRouter();
  const question = useRef("");
  const box = useRef<HTMLTextAreaElement>(null);

  const { messages, setMessages, sendMessage, regenerate, stop, status } = useChat<ChatMessage>({
    transport: TRANSPORT,
    throttle: 50,
    onError: (error) => setProblem(readChatProblem(error)),
    onFinish: ({ message }) => {
      if (messageText(message) === "") {
        setMessages(withoutLastQuestion);
        setDraft((newer) => [question.current, newer].filter(Boolean).join("\n"));
      }
      const { metadata } = message;
      if (metadata && comesWithAnswers(initialAllowance))
        setAllowance((current) => allowanceAfterAnswer(current, metadata));
      else
        void fetchChatAllowance(meter.key).then((fetched) => setAllowance((current) => fetched ?? current));
      // The frame around the page shows the same meter.
      router.refresh();
    },
  });
  const isBusy = status === "submitted" || status === "streaming";
  const end = useFollowedEnd(messages, problem);

  function send(): void {
    const text = draft.trim();
    if (text === "" || isBusy) return;
    question.current = text;
    setDraft("");
    setProblem(null);
    void sendMessage({ text });
    box.current?.focus();
  }

  function askAgain(): void {
    setProblem(null);
    void regenerate();
    box.current?.focus();
  }

  function startOver(): void {
    setMessages([]);
    setProblem(null);
    box.current?.focus();
  }

  return (
    <div className="flex min-h-[calc(100dvh-15rem)] flex-col gap-6">
      <div className="flex-1 space-y-6">
        {messages.length === 0 && !problem ? (
          <Examples
            onExample={(example) => {
              setDraft(example);
              box.current?.focus();
            }}
          />
        ) : null}
        <MessageLog messages={messages} isBusy={isBusy} />
        {problem && !isBusy ? (
          <ProblemPanel problem={problem} meterName={meter.name} onRetry={send} onAskAgain={askAgain} />
        ) : null}
        {messages.length > 0 && !isBusy ? (
          <Button variant="secondary" size="small" onClick={startOver}>
            New conversation
          </Button>
        ) : null}
        <div ref={end} className="scroll-mb-48" />
      </div>
      <div className="sticky bottom-0 bg-page pb-4">
        <Composer
          boxRef={box}
          draft={draft}
          onDraft={setDraft}
          onSend={send}
          onStop={() => {
            void stop();
            box.current?.focus();
          }}
          isBusy={isBusy}
          usage={allowance && allowanceLine(allowance, meter.name)}
        />
      </div>
    </div>
  );
}

function Examples({ onExample }: { onExample: (example: string) => void }) {
  return (
    <div>
      <p className="text-muted">Nothing asked yet. Begin with one of these, or with your own.</p>
      <ul className="mt-3 flex flex-wrap gap-2">
        {EXAMPLES.map((example) => (
          <li key={example}>
            <Button variant="secondary" size="small" onClick={() => onExample(example)}>
              {example}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How far below the window the end may lie to be followed: whoever scrolled up further is reading. */
const FOLLOWED_PX = 300;

/** Keeps the end of the conversation in view while it grows. */
function useFollowedEnd(messages: ChatMessage[], problem: ChatProblem | null) {
  const end = useRef<HTMLDivElement>(null);
  // The dependencies are not read: they are what makes the conversation grow.
  useEffect(() => {
    const element = end.current;
    if (!element || (messages.length === 0 && !problem)) return;
    if (element.getBoundingClientRect().top < window.innerHeight + FOLLOWED_PX)
      element.scrollIntoView({ block: "end" });
  }, [messages, problem]);
  return end;
}
