import { CircleAlert, TriangleAlert } from "lucide-react";
import { classNames } from "@/components/class-names";
import { formatCount } from "@/lib/domain/format-count";
import { type UsageLevel, usageLevel } from "@/lib/domain/usage-level";

const FILLS: Record<UsageLevel, string> = { ok: "bg-accent", near: "bg-warning", reached: "bg-danger" };

/** How much of one allowance is used: as a text, and as a bar where there is an end to it. */
export function UsageMeter({ name, used, limit, reset }: UsageMeterProps) {
  const level = usageLevel(used, limit);
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium">{name}</p>
        <UsageLevelWords level={level} />
      </div>
      {limit === null ? null : <Bar name={name} used={used} limit={limit} level={level} />}
      <p className="mt-1.5 text-small text-muted">
        {limit === null ? `${formatCount(used)} · no limit` : `${formatCount(used)} of ${formatCount(limit)}`}
        {reset ? ` · resets ${reset}` : null}
      </p>
    </div>
  );
}

type UsageMeterProps = {
  name: string;
  /** Units. */
  used: number;
  /** Units; null = unlimited. */
  limit: number | null;
  /** When it begins anew, in words; null = never. */
  reset: string | null;
};

function Bar({ name, used, limit, level }: { name: string; used: number; limit: number; level: UsageLevel }) {
  const share = limit === 0 ? 100 : Math.min(100, (used / limit) * 100);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native meter cannot be made to look alike in all browsers.
    <div
      role="meter"
      aria-label={name}
      aria-valuemin={0}
      aria-valuenow={Math.min(used, limit)}
      aria-valuemax={limit}
      aria-valuetext={`${formatCount(used)} of ${formatCount(limit)}`}
      className="mt-2 h-2 overflow-hidden rounded-pill bg-line"
    >
      <div className={classNames("h-full rounded-pill", FILLS[level])} style={{ width: `${share}%` }} />
    </div>
  );
}

function UsageLevelWords({ level }: { level: UsageLevel }) {
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
