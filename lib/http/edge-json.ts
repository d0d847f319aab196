import { z } from "zod";
import { windowJson } from "./billing-json";
import { WindowAnswer } from "./billing-schemas";
import type { EdgeAnswer } from "./edge-route";

const Time = z.iso.datetime();

/** What the edge answers, as /api/v1/openapi.json describes it. */
export const EdgeUsageAnswer = z
  .strictObject({
    object: z.literal("edge_usage"),
    source: z.literal("edge"),
    as_of: Time.meta({ description: "When it was so. Something may have been used since." }),
    access: z.enum(["full", "grace", "limited", "none"]),
    plan: z.string(),
    features: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
    balance: z.strictObject({ credits: z.int(), held: z.int(), available: z.int().nonnegative() }),
    meters: z.array(
      z.strictObject({
        meter: z.string(),
        unit: z.string(),
        is_exhausted: z.boolean().meta({
          description:
            "True = no unit is to be had, seen so within seconds: you may refuse without asking. " +
            "False promises nothing; only a reservation does.",
        }),
        windows: z.array(WindowAnswer),
      }),
    ),
  })
  .meta({ id: "EdgeUsage" });

export function edgeUsageJson({ usage, exhausted }: EdgeAnswer) {
  const { balance, held } = usage.credits;
  return {
    object: "edge_usage",
    source: "edge",
    as_of: new Date(usage.asOf).toISOString(),
    access: usage.access,
    plan: usage.plan.slug,
    features: usage.features,
    balance: { credits: balance, held, available: Math.max(0, balance - held) },
    meters: usage.meters.map(({ meter, unit, windows }) => ({
      meter,
      unit,
      is_exhausted: exhausted.includes(meter),
      windows: windows.map(({ start, end, ...window }) =>
        windowJson({ ...window, start: new Date(start), end: new Date(end) }),
      ),
    })),
  };
}
