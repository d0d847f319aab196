import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** Facts with their names. `statement` puts the facts at the end of their lines, as sums stand. */
export function DescriptionList({ items, layout = "facts", className }: DescriptionListProps) {
  const isStatement = layout === "statement";
  return (
    <dl className={className}>
      {items.map(({ term, detail, isTotal }) => (
        <div
          key={term}
          className={classNames(
            "border-t border-line py-2.5 first:border-0 first:pt-0 last:pb-0",
            isStatement
              ? "flex items-baseline justify-between gap-6"
              : "sm:grid sm:grid-cols-[11rem_1fr] sm:gap-6",
            isTotal && "font-semibold",
          )}
        >
          <dt className={isTotal ? undefined : "text-muted"}>{term}</dt>
          <dd className={classNames("min-w-0 break-words", isStatement && "text-right")}>{detail}</dd>
        </div>
      ))}
    </dl>
  );
}

type DescriptionListProps = {
  items: { term: string; detail: ReactNode; isTotal?: boolean }[];
  layout?: "facts" | "statement";
  className?: string;
};
