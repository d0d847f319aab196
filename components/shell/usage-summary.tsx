import Link from "next/link";
import { buttonStyle } from "@/components/button-style";
import { UsageMeter } from "@/components/usage/usage-meter";
import { usageLevel } from "@/lib/domain/usage-level";

export type ShellUsage = {
  /** The meter and its window in words: "AI requests today". */
  name: string;
  /** Units, open holds included. */
  used: number;
  limit: number;
  /** In words; null = never. */
  reset: string | null;
};

/** The fullest of the plan's limits, on every signed-in page, and from 80 % the way to more. (S0-58) */
export function UsageSummary({ usage }: { usage: ShellUsage }) {
  const { name, used, limit, reset } = usage;
  return (
    <section aria-label="Usage of your plan">
      <UsageMeter name={name} used={used} limit={limit} reset={reset} isCompact />
      {usageLevel(used, limit) === "ok" ? null : (
        <Link href="/pricing" className={buttonStyle("secondary", "small", "mt-3 w-full")}>
          Upgrade
        </Link>
      )}
    </section>
  );
}
