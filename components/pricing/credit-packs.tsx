import { buttonStyle } from "@/components/button-style";
import { Card } from "@/components/card";
import type { PackTerms } from "@/lib/domain/pricing-terms";

/** The credit packs: how many credits, for how much, what they are good for and for how long. (S1-11, S1-17) */
export function CreditPacks({ packs, buyHref }: CreditPacksProps) {
  return (
    <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
      {packs.map(({ slug, name, credits, price, unitPrice, buys, expiry }) => (
        <li key={slug}>
          <Card className="flex h-full flex-col">
            <h3 className="font-semibold">{name}</h3>
            <p className="mt-2">
              <span className="text-figure">{price}</span>
              <span className="text-muted"> once, for {credits}</span>
            </p>
            <p className="text-small text-muted">{unitPrice}</p>
            <ul className="check-list mt-4 space-y-1">
              {buys ? <li>Good for {buys}</li> : null}
              <li>{expiry}</li>
            </ul>
            {buyHref ? (
              <a href={`${buyHref}${slug}`} className={buttonStyle("secondary", "regular", "mt-5 w-full")}>
                Buy<span className="sr-only"> {name}</span>
              </a>
            ) : null}
          </Card>
        </li>
      ))}
    </ul>
  );
}

type CreditPacksProps = {
  packs: PackTerms[];
  /** Where a pack is bought; its slug is put behind. Without it there is no button. */
  buyHref?: string;
};
