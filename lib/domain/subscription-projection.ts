/**
 * What follows from a customer's subscriptions as Stripe has them: which one is current, which plan grants
 * they carry, and what belongs into the history. A pure function of those facts alone, never of the
 * difference to what was known before, so events may come twice, late or in any order, and a handler may die
 * anywhere and run again: the answer is the same and every entry has a key built from ids. (S0-103, S1-59)
 */
export type SubscriptionSnapshot = {
  id: string;
  /** Stripe's, verbatim. */
  status: string;
  /** The catalogue's plan version, or null when the price is none of ours. */
  planVersionId: string | null;
  createdAt: Date;
  startedAt: Date;
  trialStart: Date | null;
  trialEnd: Date | null;
  endedAt: Date | null;
  cancellationReason: string | null;
};

export type ProjectedGrant = {
  subscriptionId: string;
  planVersionId: string;
  startsAt: Date;
  endsAt: Date | null;
};

export type HistoryEntry = {
  effectKey: string;
  action: "subscribe" | "trial_start" | "trial_end" | "cancel";
  subscriptionId: string;
  fromPlanVersionId: string | null;
  toPlanVersionId: string | null;
  reason: string | null;
  occurredAt: Date;
};

export type SubscriptionProjection = {
  currentSubscriptionId: string | null;
  /** Live besides the current one: they grant nothing and somebody has to look. */
  surplusSubscriptionIds: string[];
  grants: ProjectedGrant[];
  history: HistoryEntry[];
};

/** Statuses of a subscription that was begun and has not ended. */
const LIVE_STATUSES = new Set(["trialing", "active", "past_due", "unpaid", "paused"]);

/** Whether a subscription stands in the way of another one. `incomplete` does not: its first payment failed. */
export function isLiveSubscription(status: string): boolean {
  return LIVE_STATUSES.has(status);
}

export function projectSubscriptions(subscriptions: SubscriptionSnapshot[]): SubscriptionProjection {
  const oldestFirst = subscriptions.toSorted(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1),
  );
  const begun = oldestFirst.filter((subscription) => hasBegun(subscription.status));
  const live = begun.filter((subscription) => isLiveSubscription(subscription.status));
  // The oldest live one, so that a second one that slips in changes nothing; when all have ended, the last.
  const current = live[0] ?? begun.at(-1) ?? null;
  return {
    currentSubscriptionId: current?.id ?? null,
    surplusSubscriptionIds: live.slice(1).map((subscription) => subscription.id),
    grants: begun.flatMap(grantOf),
    history: begun.flatMap(historyOf),
  };
}

function hasBegun(status: string): boolean {
  return status !== "incomplete" && status !== "incomplete_expired";
}

function grantOf({ id, planVersionId, startedAt, endedAt }: SubscriptionSnapshot): ProjectedGrant[] {
  if (!planVersionId) return [];
  // A subscription canceled in its first moment can end before its start was booked.
  const endsAt = endedAt && endedAt < startedAt ? startedAt : endedAt;
  return [{ subscriptionId: id, planVersionId, startsAt: startedAt, endsAt }];
}

function historyOf(subscription: SubscriptionSnapshot): HistoryEntry[] {
  const { id, status, planVersionId, trialStart, trialEnd, startedAt, endedAt, cancellationReason } =
    subscription;
  const entry = (
    action: HistoryEntry["action"],
    occurredAt: Date,
    rest: Partial<HistoryEntry> = {},
  ): HistoryEntry => ({
    effectKey: `${action}:${id}`,
    action,
    subscriptionId: id,
    fromPlanVersionId: null,
    toPlanVersionId: planVersionId,
    reason: null,
    occurredAt,
    ...rest,
  });
  const entries = [trialStart ? entry("trial_start", trialStart) : entry("subscribe", startedAt)];
  if (trialStart && trialEnd && status !== "trialing" && (!endedAt || endedAt > trialEnd)) {
    entries.push(entry("trial_end", trialEnd, { fromPlanVersionId: planVersionId }));
  }
  if (endedAt) {
    entries.push(
      entry("cancel", endedAt, {
        fromPlanVersionId: planVersionId,
        toPlanVersionId: null,
        reason: cancellationReason,
      }),
    );
  }
  return entries;
}
