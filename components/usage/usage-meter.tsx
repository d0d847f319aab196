import { Meter } from "@/components/meter";
import { formatCount } from "@/lib/domain/format-count";

/** How much of one allowance is used, and when it begins anew. */
export function UsageMeter({ name, used, limit, reset, isCompact }: UsageMeterProps) {
  return (
    <Meter
      label={name}
      value={used}
      max={limit}
      text={
        limit === null ? `${formatCount(used)} · no limit` : `${formatCount(used)} of ${formatCount(limit)}`
      }
      note={reset ? `resets ${reset}` : null}
      isCompact={isCompact}
    />
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
  isCompact?: boolean;
};
