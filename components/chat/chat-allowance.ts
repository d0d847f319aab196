import { inSentence, openWindowWords } from "@/lib/domain/allowance-words";
import type { AllowanceWindow } from "@/lib/domain/catalogue";
import { formatCount } from "@/lib/domain/format-count";
import { formatDateTime, formatTime } from "@/lib/domain/format-date";
import { shownWindow } from "@/lib/domain/shown-window";
import type { SubscriptionContext } from "@/lib/domain/subscription-context";

/** What the chat shows of the customer's plan: one window, how much of it is used, and when it begins anew. */
export type ChatAllowance = {
  window: AllowanceWindow;
  used: number;
  /** Null = unlimited. */
  limit: number | null;
  /** ISO 8601; null = never. */
  resetsAt: string | null;
};

type CountedUse = ChatAllowance & { held: number };

/** The one window shown. Open holds count as used. */
export function chatAllowance(windows: CountedUse[]): ChatAllowance | null {
  const shown = shownWindow(windows);
  return shown
    ? { window: shown.window, used: shown.used + shown.held, limit: shown.limit, resetsAt: shown.resetsAt }
    : null;
}

/** The same after an answer, from what came with it. */
export function allowanceAfterAnswer(
  allowance: ChatAllowance | null,
  context: SubscriptionContext,
): ChatAllowance | null {
  switch (allowance?.window) {
    case "day":
      return { ...allowance, used: context.usage_today, limit: context.limit_today };
    case "month":
      return { ...allowance, used: context.usage_this_month, limit: context.limit_this_month };
    default:
      return allowance;
  }
}

/** Whether answers bring this allowance with them; one of another window is asked for. */
export function comesWithAnswers(allowance: ChatAllowance | null): boolean {
  return allowance?.window === "day" || allowance?.window === "month";
}

/** "1 of 3 AI requests today · resets 00:00 UTC". */
export function allowanceLine({ window, used, limit, resetsAt }: ChatAllowance, meterName: string): string {
  const count = limit === null ? formatCount(used) : `${formatCount(used)} of ${formatCount(limit)}`;
  const line = `${count} ${inSentence(meterName)} ${openWindowWords(window)}`;
  if (limit === null) return `${line} · no limit`;
  if (!resetsAt) return line;
  // A day always ends at the same hour, so its time alone stays true when midnight has passed.
  return `${line} · resets ${window === "day" ? formatTime(new Date(resetsAt)) : formatDateTime(new Date(resetsAt))}`;
}

/** How often a hold that is being settled is looked at again. */
const SETTLING_TRIES = 5;

/**
 * The allowance as the API has it now, for answers that came without it: stopped, broken off or refused.
 * Waits a little while the last call is still being settled. Null when it cannot be asked.
 */
export async function fetchChatAllowance(meter: string): Promise<ChatAllowance | null> {
  try {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch("/api/v1/billing/usage", { cache: "no-store" });
      if (!response.ok) return null;
      // Our own endpoint; its test pins this shape.
      const body = (await response.json()) as { meters: { meter: string; windows: WindowJson[] }[] };
      const windows = body.meters.find((entry) => entry.meter === meter)?.windows ?? [];
      const isSettled = windows.every((window) => window.held === 0);
      if (isSettled || attempt === SETTLING_TRIES) {
        return chatAllowance(windows.map(({ resets_at: resetsAt, ...rest }) => ({ ...rest, resetsAt })));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } catch {
    return null;
  }
}

type WindowJson = {
  window: AllowanceWindow;
  used: number;
  held: number;
  limit: number | null;
  resets_at: string | null;
};
