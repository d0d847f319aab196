import { CircleAlert, CircleCheck, CircleMinus, TriangleAlert } from "lucide-react";
import { DateTime } from "@/components/date-time";
import { DescriptionList } from "@/components/description-list";
import { Skeleton } from "@/components/skeleton";
import { getContext } from "@/lib/context";
import { checkSystem } from "@/lib/services/setup/check-systems";
import type { SystemCheck, SystemKey } from "@/lib/services/setup/system-check";

const STATES: Record<SystemCheck["state"], { words: string; icon: string; Icon: typeof CircleCheck }> = {
  works: { words: "Works", icon: "text-accent", Icon: CircleCheck },
  attention: { words: "Needs attention", icon: "text-warning", Icon: TriangleAlert },
  failed: { words: "Does not work", icon: "text-danger", Icon: CircleAlert },
  off: { words: "Off", icon: "text-muted", Icon: CircleMinus },
};

/** How one system is right now, asked as the page is read. Fills in after the page is there. */
export async function SystemStatus({ systemKey }: { systemKey: SystemKey }) {
  const { state, summary, facts, latencyMs, checkedAt } = await checkSystem(getContext(), systemKey);
  const { words, icon, Icon } = STATES[state];
  return (
    <div data-state={state}>
      <div className="flex gap-2.5">
        <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${icon}`} />
        <div className="min-w-0">
          <p className="font-medium">{words}</p>
          <p className="break-words">{summary}</p>
        </div>
      </div>
      {facts.length > 0 ? (
        <DescriptionList
          className="mt-4 break-words text-small"
          items={facts.map(({ term, detail }) => ({ term, detail }))}
        />
      ) : null}
      <p className="mt-3 text-small text-muted">
        {latencyMs === null ? "From the configuration, " : `Answered in ${latencyMs} ms, `}
        as of <DateTime date={checkedAt} hasTime />
      </p>
    </div>
  );
}

export function SystemStatusSkeleton() {
  return (
    <div>
      <p className="text-muted">Checking…</p>
      <Skeleton className="mt-2 h-12 w-full" />
    </div>
  );
}
