import { ImageResponse } from "next/og";
import { getContext } from "@/lib/context";
import { priceForInterval } from "@/lib/domain/billing-interval";
import { pricesIn } from "@/lib/domain/currency-choice";
import { formatMoney, intervalName } from "@/lib/domain/money";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";

export const alt = "Every plan with its price";
export const size = { width: 1200, height: 630 };
export const contentType = "image/png";

/** What a link to the pricing page shows elsewhere: the plans that are sold, with their real prices. */
export default async function PricingImage() {
  const { name, plans, currency } = await getCatalogue(getContext());
  const shown = plans.filter(({ availability }) => availability === "public").slice(0, 4);
  return new ImageResponse(
    <div
      style={{
        ...COLUMN,
        width: "100%",
        height: "100%",
        padding: 72,
        background: "#f8f8f5",
        color: "#191c1a",
      }}
    >
      <div style={{ fontSize: 64, fontWeight: 700 }}>{name}</div>
      <div style={{ fontSize: 32, color: "#585d5a", marginTop: 12 }}>
        Every plan with its price and its limits
      </div>
      <div style={{ display: "flex", gap: 24, marginTop: "auto" }}>
        {shown.map((plan) => {
          const price = priceForInterval({ prices: pricesIn(plan, currency) }, null);
          return (
            <div
              key={plan.slug}
              style={{ ...COLUMN, ...TILE, borderColor: plan.isPopular ? "#14532d" : "#cfd0c9" }}
            >
              <div style={{ fontSize: 28, color: "#585d5a" }}>{plan.name}</div>
              <div style={{ fontSize: 52, fontWeight: 700, marginTop: 16 }}>
                {formatMoney(price?.amountMinor ?? 0, price?.currency ?? currency)}
              </div>
              <div style={{ fontSize: 24, color: "#585d5a" }}>
                {price ? `per ${intervalName(price)}` : "for good"}
              </div>
            </div>
          );
        })}
      </div>
    </div>,
    size,
  );
}

const COLUMN = { display: "flex", flexDirection: "column" } as const;
const TILE = { flex: 1, padding: 28, background: "#ffffff", border: "3px solid", borderRadius: 16 };
