import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { intervalSlug } from "@/lib/domain/billing-interval";

test("the styles follow every interval that a catalogue can have", () => {
  const styles = readFileSync("components/pricing/pricing.css", "utf8");
  const months = Array.from({ length: 12 }, (_, index) =>
    intervalSlug({ interval: "month", intervalCount: index + 1 }),
  );
  // Three years are the longest that Stripe takes, and the catalogue with it.
  const years = [1, 2, 3].map((intervalCount) => intervalSlug({ interval: "year", intervalCount }));
  for (const slug of new Set([...months, ...years]))
    expect(styles).toContain(
      `:root:has([name="interval"][value="${slug}"]:checked) [data-interval]:not([data-interval="${slug}"])`,
    );
});
