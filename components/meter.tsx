import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { type UsageLevel, usageLevel } from "@/lib/domain/usage-level";
import { classNames } from "./class-names";

const FILLS: Record<UsageLevel, string> = { ok: "bg-accent", near: "bg-warning-fill", reached: "bg-danger" };

/**
 * How much of something limited is used: a bar, the same in words, and from 80 % a warning by icon, words and
 * colour. (S0-58, criterion 14)
 */
export function Meter({ label, value, max, text, note, isCompact }: MeterProps) {
  const level = usageLevel(value, max);
  return (
    <div className={isCompact ? "text-small" : undefined}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium">{label}</p>
        <LevelWords level={level} />
      </div>
      {max === null ? null : <Bar label={label} value={value} max={max} text={text} level={level} />}
      <p className={classNames("mt-1.5 text-muted", isCompact ? "text-fine" : "text-small")}>
        {text}
        {note ? <> · {note}</> : null}
      </p>
    </div>
  );
}

type MeterProps = {
  label: string;
  /** Units. */
  value: number;
  /** Units; null = unlimited, and no bar. */
  max: number | null;
  /** The value in words: "12,340 of 50,000". */
  text: string;
  note?: ReactNode;
  isCompact?: boolean;
};

function Bar({ label, value, max, text, level }: BarProps) {
  const share = max === 0 ? 100 : Math.min(100, (value / max) * 100);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native meter cannot be made to look alike in all browsers.
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuenow={Math.min(value, max)}
      aria-valuemax={max}
      aria-valuetext={text}
      className="mt-2 h-1.5 overflow-hidden rounded-pill bg-pressed"
    >
      <div
        className={classNames("h-full rounded-pill forced-colors:bg-[CanvasText]", FILLS[level])}
        style={{ width: `${share}%` }}
      />
    </div>
  );
}

type BarProps = { label: string; value: number; max: number; text: string; level: UsageLevel };

function LevelWords({ level }: { level: UsageLevel }) {
  switch (level) {
    case "ok":
      return null;
    case "near":
      return (
        <p className="flex items-center gap-1.5 text-small text-warning">
          <TriangleAlert aria-hidden className="size-4" /> Nearly used up
        </p>
      );
    case "reached":
      return (
        <p className="flex items-center gap-1.5 text-small text-danger">
          <CircleAlert aria-hidden className="size-4" /> Used up
        </p>
      );
  }
}
