import { z } from "zod";

/**
 * What the edge knows of a customer: the windows that are open, the plan and the credits, as Postgres had them at one
 * moment. It is told and shown, never decided by.
 */
const Count = z.int();
const Moment = z.int();

const EdgeUsageSchema = z.object({
  /** Business time, in milliseconds, as all moments here. */
  asOf: Moment,
  /** The first window's end or change of the plan: from then on this says nothing any more. */
  validUntil: Moment,
  access: z.enum(["full", "grace", "limited", "none"]),
  plan: z.object({ slug: z.string(), name: z.string(), version: z.int() }),
  features: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
  /** Whether the plan lets the customer's own keys call. */
  hasApiAccess: z.boolean(),
  credits: z.object({ balance: Count, held: Count }),
  meters: z.array(
    z.object({
      meter: z.string(),
      unit: z.string(),
      windows: z.array(
        z.object({
          window: z.enum(["day", "month", "period", "lifetime"]),
          start: Moment,
          end: Moment,
          limit: Count.nullable(),
          used: Count,
          held: Count,
          beyond: Count,
          /** `usage_counters.version`; 0 = nothing was counted yet. */
          version: Count,
        }),
      ),
    }),
  ),
  /** What it was read from: `customer_balances.facts_version` and `.entry_sequence`, and the catalogue's revision. */
  readFrom: z.object({ facts: Count, entries: Count, catalogue: Count }),
});

export type EdgeUsage = z.infer<typeof EdgeUsageSchema>;

/** @returns null for what another version of the app has written. */
export function parseEdgeUsage(text: string): EdgeUsage | null {
  try {
    return EdgeUsageSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
