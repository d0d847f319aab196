import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { LinkButton } from "@/components/link-button";
import { Notice } from "@/components/notice";
import { openWindowWords } from "@/lib/domain/allowance-words";
import { formatCount } from "@/lib/domain/format-count";
import { formatDate, formatTime } from "@/lib/domain/format-date";
import type { ChatProblem } from "./chat-problem";

/** What went wrong with the last question, and the way on. */
export function ProblemPanel({ problem, meterName, onRetry, onAskAgain }: ProblemPanelProps) {
  switch (problem.kind) {
    case "limit":
      return <LimitPanel problem={problem} meterName={meterName} />;
    case "signed_out":
      return (
        <Panel title="You are signed out" text="Sign in to go on.">
          <LinkButton href="/sign-in?return_to=/playground" size="small">
            Sign in
          </LinkButton>
          <RetryButton onClick={onRetry} label="Try again" />
        </Panel>
      );
    case "refused":
      return (
        <Panel title="That did not work" text={`${problem.text} Your message is back in the box.`}>
          <RetryButton onClick={onRetry} label="Try again" />
        </Panel>
      );
    case "unreachable":
      return (
        <Panel
          title="We cannot be reached"
          text="Your connection may be down. Your message is back in the box."
        >
          <RetryButton onClick={onRetry} label="Try again" />
        </Panel>
      );
    case "broken_off":
      return (
        <Panel title="The answer broke off" text={problem.text}>
          <RetryButton onClick={onAskAgain} label="Ask again" />
        </Panel>
      );
  }
}

type ProblemPanelProps = {
  problem: ChatProblem;
  meterName: string;
  /** Sends what is in the box. */
  onRetry: () => void;
  /** Sends the last question once more. */
  onAskAgain: () => void;
};

function LimitPanel({
  problem,
  meterName,
}: {
  problem: Extract<ChatProblem, { kind: "limit" }>;
  meterName: string;
}) {
  const { title, window, used, limit, resetAt, suggestion } = problem;
  return (
    <Notice tone="warning" role="alert" title={title}>
      <p>
        You have used {formatCount(used)} of {formatCount(limit)} {meterName} {openWindowWords(window)}.
        {resetAt === null ? null : ` They open again ${resetWords(new Date(resetAt))}.`} Your message is back
        in the box.
      </p>
      <p className="mt-3">
        <LinkButton href={suggestion ? `/pricing#${suggestion.plan}` : "/pricing"} size="small">
          {suggestion ? `See ${suggestion.name}` : "See the plans"}
        </LinkButton>
      </p>
    </Notice>
  );
}

function Panel({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <Notice tone="danger" role="alert" title={title}>
      <p>{text}</p>
      <p className="mt-3 flex flex-wrap gap-3">{children}</p>
    </Notice>
  );
}

function RetryButton({ onClick, label }: { onClick: () => void; label: string }) {
  return (
    <Button variant="secondary" size="small" onClick={onClick}>
      {label}
    </Button>
  );
}

/** The reader's own time first, and the one the limit is kept in. Rendered in the browser only. */
function resetWords(resetAt: Date): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const utc = formatTime(resetAt);
  if (zone === "UTC") return `on ${formatDate(resetAt)} at ${utc}`;
  return `on ${formatDate(resetAt, zone)} at ${formatTime(resetAt, zone)} your time (${utc})`;
}
