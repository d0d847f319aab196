import type { ReactNode } from "react";
import { classNames } from "./class-names";

export type BadgeTone = "neutral" | "good" | "warning" | "danger";

const TONES: Record<BadgeTone, { badge: string; dot: string }> = {
  neutral: { badge: "bg-sunken text-muted", dot: "bg-edge" },
  good: { badge: "bg-accent-soft text-accent", dot: "bg-accent" },
  warning: { badge: "bg-warning-soft text-warning", dot: "bg-warning" },
  danger: { badge: "bg-danger-soft text-danger", dot: "bg-danger" },
};

/** A state in one or two words beside what has it. The words say it; the colour only helps to find it. */
export function Badge({ tone = "neutral", children }: { tone?: BadgeTone; children: ReactNode }) {
  const { badge, dot } = TONES[tone];
  return (
    <span
      className={classNames(
        "inline-flex items-baseline gap-1.5 rounded-pill px-2 py-0.5 text-fine font-medium whitespace-nowrap",
        badge,
      )}
    >
      <span aria-hidden className={classNames("size-1.5 self-center rounded-pill", dot)} />
      {children}
    </span>
  );
}
