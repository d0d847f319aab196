import { ScrollRegion } from "@/components/scroll-region";
import type { ComparisonRow } from "@/lib/domain/pricing-terms";
import { comparisonRowsHtml } from "./comparison-rows-html";

/** All plans side by side. Where they do not fit it scrolls inside its frame, by finger and by arrow keys. */
export function PlanComparison({ names, rows }: { names: string[]; rows: ComparisonRow[] }) {
  return (
    <ScrollRegion
      label="Comparison of all plans"
      className="rounded-card border border-line bg-surface shadow-card"
    >
      <table className="comparison w-full border-collapse text-left">
        <caption className="px-4 pt-5 pb-3 text-left text-muted md:px-5">
          What each plan allows and includes.
        </caption>
        <thead>
          <tr>
            <td />
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: every text in it is escaped where it is made */}
        <tbody dangerouslySetInnerHTML={{ __html: comparisonRowsHtml(rows) }} />
      </table>
    </ScrollRegion>
  );
}
