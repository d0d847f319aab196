import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { projectSubscriptions, type SubscriptionSnapshot } from "./subscription-projection";

const day = (n: number) => new Date(Date.UTC(2026, 0, n));

function snapshot(id: string, rest: Partial<SubscriptionSnapshot> = {}): SubscriptionSnapshot {
  return {
    id,
    status: "active",
    planVersionId: "pro",
    createdAt: day(1),
    startedAt: day(1),
    trialStart: null,
    trialEnd: null,
    endedAt: null,
    cancellationReason: null,
    ...rest,
  };
}

const actions = (subscriptions: SubscriptionSnapshot[]) =>
  projectSubscriptions(subscriptions).history.map((entry) => entry.action);

describe("the projection of a customer's subscriptions (S0-103)", () => {
  test("the oldest live one is current; a second one is surplus and named", () => {
    const projection = projectSubscriptions([
      snapshot("sub_new", { createdAt: day(5) }),
      snapshot("sub_old", { createdAt: day(2) }),
      snapshot("sub_ended", { status: "canceled", createdAt: day(1), endedAt: day(2) }),
    ]);
    expect(projection).toMatchObject({
      currentSubscriptionId: "sub_old",
      surplusSubscriptionIds: ["sub_new"],
    });
  });

  test("when all have ended, the last is shown", () => {
    const ended = { status: "canceled", endedAt: day(9) };
    expect(
      projectSubscriptions([
        snapshot("sub_a", { ...ended, createdAt: day(1) }),
        snapshot("sub_b", { ...ended, createdAt: day(3) }),
      ]).currentSubscriptionId,
    ).toBe("sub_b");
  });

  test.each(["incomplete", "incomplete_expired"])(
    "%s was never begun: no grant, no history, not current",
    (status) => {
      expect(projectSubscriptions([snapshot("sub_a", { status })])).toEqual({
        currentSubscriptionId: null,
        surplusSubscriptionIds: [],
        grants: [],
        history: [],
      });
    },
  );

  test("a price that is none of ours is mirrored but grants nothing", () => {
    expect(projectSubscriptions([snapshot("sub_a", { planVersionId: null })])).toMatchObject({
      currentSubscriptionId: "sub_a",
      grants: [],
    });
  });

  test.each<[string, Partial<SubscriptionSnapshot>, string[]]>([
    ["bought outright", {}, ["subscribe"]],
    ["in trial", { status: "trialing", trialStart: day(1), trialEnd: day(8) }, ["trial_start"]],
    ["after its trial", { trialStart: day(1), trialEnd: day(8) }, ["trial_start", "trial_end"]],
    [
      "canceled in trial",
      { status: "canceled", trialStart: day(1), trialEnd: day(8), endedAt: day(3) },
      ["trial_start", "cancel"],
    ],
    [
      "canceled later",
      { status: "canceled", trialStart: day(1), trialEnd: day(8), endedAt: day(20) },
      ["trial_start", "trial_end", "cancel"],
    ],
  ])("the history of one %s (S0-13, S0-14)", (_name, rest, expected) => {
    expect(actions([snapshot("sub_a", rest)])).toEqual(expected);
  });

  test("is the same in whatever order Stripe lists them, and every effect has a key of its own", () => {
    const arbitrary = fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^sub_[a-z]{3}$/),
        status: fc.constantFrom(
          "trialing",
          "active",
          "past_due",
          "canceled",
          "incomplete",
          "paused",
          "unpaid",
        ),
        created: fc.integer({ min: 1, max: 5 }),
        ended: fc.option(fc.integer({ min: 1, max: 9 })),
      }),
      { selector: (row) => row.id, maxLength: 6 },
    );
    fc.assert(
      fc.property(arbitrary, (rows) => {
        const snapshots = rows.map(({ id, status, created, ended }) =>
          snapshot(id, {
            status,
            createdAt: day(created),
            startedAt: day(created),
            endedAt: ended === null ? null : day(ended),
          }),
        );
        const projection = projectSubscriptions(snapshots);
        expect(projectSubscriptions(snapshots.toReversed())).toEqual(projection);
        const keys = projection.history.map((entry) => entry.effectKey);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { startsAt, endsAt } of projection.grants)
          expect(endsAt === null || endsAt >= startsAt).toBe(true);
      }),
    );
  });
});
