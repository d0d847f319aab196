import { Card } from "@/components/card";
import { openWindowWords } from "@/lib/domain/allowance-words";
import { formatDateTime } from "@/lib/domain/format-date";
import type { WindowUse } from "@/lib/domain/limit-reached";
import { UsageMeter } from "./usage-meter";

/** What has been used of each meter in the windows that are open now. */
export function UsageCard({
  meters,
  asOf,
}: {
  meters: { meter: { key: string; name: string }; windows: WindowUse[] }[];
  asOf: Date;
}) {
  return (
    <Card title="Usage">
      {meters.length === 0 ? (
        <p className="text-muted">Nothing is counted: what your plan opens, it opens without a limit.</p>
      ) : null}
      <div className="space-y-6">
        {meters.flatMap(({ meter, windows }) =>
          windows.map(({ window, used, held, limit, end }) => (
            <UsageMeter
              key={`${meter.key} ${window}`}
              name={`${meter.name} ${openWindowWords(window)}`}
              used={used + held}
              limit={limit}
              reset={window === "lifetime" ? null : formatDateTime(end)}
            />
          )),
        )}
      </div>
      <p className="mt-6 border-t border-line pt-4 text-small text-muted">As of {formatDateTime(asOf)}.</p>
    </Card>
  );
}
