import { deepStrictEqual } from "node:assert/strict";
import type { Db } from "@/lib/db/client";
import { NOBODY } from "@/lib/db/decide-uses";
import type { Catalogue } from "@/lib/domain/catalogue";
import { addMonths } from "@/lib/domain/period";
import { newId } from "@/lib/new-id";
import { clawBackCredits, grantCredits } from "@/lib/services/credits/post-credits";
import { expireReservations } from "@/lib/services/usage/expire-reservations";
import { askUses, commitUse, releaseUse } from "@/lib/services/usage/usage-engine";
import { type SeededRandom, seededRandom } from "./seeded-random";
import {
  costOf,
  type ModelUse,
  modelClawBack,
  modelCommit,
  modelDecide,
  modelGrant,
  modelJanitor,
  modelRelease,
  openUsageModel,
  type UsageModel,
} from "./usage-model";

const BEGINNING = Date.parse("2026-01-31T09:30:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONES = ["UTC", "Europe/Berlin", "America/Santiago", "Asia/Kolkata", "Pacific/Auckland"] as const;
const SOURCES = ["promo", "plan", "purchased", "gift", "referral"] as const;

export type UsageHistory = { customerId: string; model: UsageModel };

type Play = {
  db: Db;
  random: SeededRandom;
  model: UsageModel;
  customerId: string;
  userIds: string[];
  subscriptionId: string | null;
  now: number;
  /** Of everything made here, so that names never meet. */
  count: number;
};

/**
 * A customer's life by chance: grants, expiry, holds, commits of nought to one and a half times the hold, releases,
 * batches, repeated keys, the janitor, other plans, time zones and anchors, new days and months. After each step what
 * Postgres has equals the model. The same seed lives the same life.
 * @param input.catalogue published already; its plans are what the customer changes between.
 * @throws AssertionError naming the seed and the step, with what differs.
 */
export async function playUsageHistory(
  db: Db,
  { seed, steps, catalogue }: { seed: number; steps: number; catalogue: Catalogue },
): Promise<UsageHistory> {
  const play = await begin(db, seed, catalogue);
  for (let step = 1; step <= steps; step += 1) {
    // Nothing happens twice at one moment, and now and then a day or a month goes by.
    const { random } = play;
    play.now += random.int(1, 10 * MINUTE) + (random.chance(0.15) ? random.int(1, 3) * DAY : 0);
    if (random.chance(0.03)) play.now += random.int(10, 40) * DAY;
    const name = await takeStep(play);
    await sameAsModel(play, `seed ${seed}, step ${step}: ${name}`);
  }
  return { customerId: play.customerId, model: play.model };
}

async function begin(db: Db, seed: number, catalogue: Catalogue): Promise<Play> {
  const random = seededRandom(seed);
  const customerId = newId();
  const isTeam = random.chance(0.4);
  const createdAt = new Date(BEGINNING + random.int(0, 40) * DAY);
  const timeZone = random.pick(ZONES);
  const type = isTeam ? "group" : "personal";
  const email = `${customerId}@history.test`;
  await db.customer.create({ data: { id: customerId, type, name: "History", email, timeZone, createdAt } });
  const memberCaps = new Map<string, number | null>();
  const userIds: string[] = [];
  for (const cap of [null, random.int(5, 60)]) {
    const id = newId();
    userIds.push(id);
    await db.user.create({ data: { id, email: `${id}@history.test`, createdAt } });
    if (!isTeam) continue;
    const usageCap = cap === null ? null : BigInt(cap);
    await db.member.create({ data: { customerId, userId: id, role: "member", usageCap, createdAt } });
    memberCaps.set(id, cap);
  }
  const anchor = { anchor: createdAt, timeZone, period: null };
  const terms = {
    catalogue,
    plan: catalogue.plans[0]?.slug ?? "",
    anchor,
    hasSubscription: false,
    memberCaps,
    spendCapMinor: null,
  };
  const model = openUsageModel(terms);
  const now = createdAt.getTime();
  const play = { db, random, model, customerId, userIds, subscriptionId: null, now, count: 0 };
  if (random.chance(0.7)) await subscribe(play);
  if (random.chance(0.7)) await changePlan(play);
  return play;
}

async function takeStep(play: Play): Promise<string> {
  const { random } = play;
  const steps: [name: string, weight: number, step: (play: Play) => Promise<void>][] = [
    ["reserve", 10, reserve],
    ["check", 2, check],
    ["record", 8, record],
    ["batch", 4, batch],
    ["commit", 10, commit],
    ["commit several at once", 3, commitSeveral],
    ["release", 4, release],
    ["grant", 6, grant],
    ["claw back", 1, clawBack],
    ["janitor", 2, janitor],
    ["change plan", 2, changePlan],
    ["change zone", 1, changeZone],
    ["change anchor", 1, subscribe],
    ["renew", 2, renew],
    ["change caps", 1, changeCaps],
  ];
  let drawn = random.int(
    1,
    steps.reduce((total, [, weight]) => total + weight, 0),
  );
  for (const [name, weight, step] of steps) {
    drawn -= weight;
    if (drawn > 0) continue;
    await step(play);
    return name;
  }
  return "nothing";
}

const contextOf = ({ db, now }: Play) => ({ db, now: new Date(now) });

function newUse(play: Play): ModelUse {
  const { random, model, userIds } = play;
  play.count += 1;
  const meters = model.terms.catalogue.meters.map(({ key }) => key);
  const meter = random.pick(["words", ...meters]);
  const quantity = random.chance(0.1) ? random.int(20, 90) : random.int(1, 12);
  const most = random.int(2, 9);
  return {
    key: `use ${play.count}`,
    meter,
    userId: random.chance(0.3) ? null : random.pick(["", ...userIds]) || null,
    quantity,
    least: random.chance(0.2) ? random.int(1, quantity) : quantity,
    creditsPerUnit: random.chance(0.15) && meter === "words" ? { most, least: random.int(1, most) } : null,
  };
}

async function decide(
  play: Play,
  mode: "hold" | "post",
  uses: ModelUse[],
  allOrNone: boolean,
): Promise<string[]> {
  const expected = modelDecide(play.model, mode, { uses, allOrNone, now: play.now });
  const asked = uses.map(({ creditsPerUnit, ...use }) => ({
    ...use,
    ...(creditsPerUnit ? { creditsPerUnit } : {}),
  }));
  const answers = await askUses(contextOf(play), mode, play.customerId, { uses: asked, allOrNone });
  deepStrictEqual(
    answers.map(({ decision }) => decision.outcome),
    expected,
  );
  return expected;
}

async function reserve(play: Play): Promise<void> {
  await decide(play, "hold", [newUse(play)], false);
}

/** What would come of it is what comes of it, and asking changes nothing. */
async function check(play: Play): Promise<void> {
  const use = newUse(play);
  const { creditsPerUnit, ...asked } = use;
  const uses = [{ ...asked, ...(creditsPerUnit ? { creditsPerUnit } : {}) }];
  const [answer] = await askUses(contextOf(play), "check", play.customerId, { uses, allOrNone: false });
  await sameAsModel(play, "after a check");
  const [outcome] = await decide(play, "hold", [use], false);
  deepStrictEqual(answer?.decision.outcome, outcome, "a check says what a hold does");
}

async function record(play: Play): Promise<void> {
  const { random, model } = play;
  const known = [...model.reservations.values()];
  const [first, ...rest] = known.map(({ use }) => use);
  const use = first && random.chance(0.15) ? random.pick([first, ...rest]) : newUse(play);
  const asked = random.chance(0.05) ? { ...use, quantity: use.quantity + 1, least: use.quantity + 1 } : use;
  await decide(play, "post", [asked], false);
}

async function batch(play: Play): Promise<void> {
  const { random } = play;
  const uses = Array.from({ length: random.int(2, 8) }, () => newUse(play));
  const [first] = uses;
  if (first && random.chance(0.3))
    uses.push(random.chance(0.5) ? first : { ...first, quantity: first.quantity + 1 });
  await decide(play, random.pick(["hold", "post"]), uses, random.chance(0.4));
}

async function commit(play: Play): Promise<void> {
  const { random, model, customerId } = play;
  const reservation = drawReservation(play);
  if (!reservation) return;
  const { key } = reservation.use;
  const quantity = Math.floor((reservation.quantity * random.int(0, 150)) / 100);
  const price = reservation.price !== null && random.chance(0.15) ? random.int(1, 9) : null;
  const asDebt = model.terms.catalogue.policy.uncovered === "debt";
  const before = structuredClone(reservation);
  const expected = modelCommit(model, { key, quantity, price, now: play.now, asDebt });
  const id = await idOf(play, key);
  const answer = await commitUse(contextOf(play), customerId, {
    id,
    quantity,
    creditsPerUnit: price,
    details: {},
  });
  deepStrictEqual(answer.outcome, expected, `${JSON.stringify(before)}`);
  // Said again, it changes nothing but for what has expired now that nothing holds it.
  if (expected === "committed" && random.chance(0.2)) {
    modelCommit(model, { key, quantity: 1, price: null, now: play.now, asDebt });
    const again = await commitUse(contextOf(play), customerId, {
      id,
      quantity: 1,
      creditsPerUnit: null,
      details: {},
    });
    deepStrictEqual(again, { ...answer, outcome: "replayed" });
  }
}

/** They leave as one batch, maybe with the same hold in it twice. */
async function commitSeveral(play: Play): Promise<void> {
  const { random, model, customerId, now } = play;
  const isKeptAlive = model.lots.some(
    ({ remaining, expiresAt }) => remaining > 0 && expiresAt !== null && expiresAt <= now,
  );
  // What holds give back of credits that have expired meanwhile is nobody's within the batch: that is less than one by one.
  if (isKeptAlive) return commit(play);
  const asDebt = model.terms.catalogue.policy.uncovered === "debt";
  const calls: { id: string; key: string; quantity: number }[] = [];
  for (let count = random.int(2, 6); count > 0; count -= 1) {
    const reservation = drawReservation(play);
    if (!reservation) return;
    const quantity = Math.floor((reservation.quantity * random.int(0, 150)) / 100);
    const { key } = reservation.use;
    calls.push({ id: await idOf(play, key), key, quantity });
  }
  const expected = calls.map(({ key, quantity }) =>
    modelCommit(model, { key, quantity, price: null, now, asDebt }),
  );
  const answers = await Promise.all(
    calls.map(({ id, quantity }) =>
      commitUse(contextOf(play), customerId, { id, quantity, creditsPerUnit: null, details: {} }),
    ),
  );
  deepStrictEqual(
    answers.map(({ outcome }) => outcome),
    expected,
  );
}

async function release(play: Play): Promise<void> {
  const reservation = drawReservation(play);
  if (!reservation) return;
  const expected = modelRelease(play.model, reservation.use.key);
  const id = await idOf(play, reservation.use.key);
  deepStrictEqual(await releaseUse(contextOf(play), play.customerId, id), expected);
}

function drawReservation({ model, random }: Play) {
  const all = [...model.reservations.values()];
  const open = all.filter(({ state }) => state === "held");
  const [first, ...rest] = open.length > 0 && random.chance(0.85) ? open : all;
  return first && random.pick([first, ...rest]);
}

async function idOf({ db, customerId }: Play, key: string): Promise<string> {
  const { id } = await db.reservation.findUniqueOrThrow({ where: { customerId_key: { customerId, key } } });
  return id;
}

async function grant(play: Play): Promise<void> {
  const { random, model, customerId, now } = play;
  play.count += 1;
  const reference = `lot ${play.count}`;
  const source = random.pick(SOURCES);
  const amount = random.int(1, 80);
  const expiresAt = random.chance(0.5) ? now + random.int(1, 20 * 24 * 60) * MINUTE : null;
  modelGrant(model, { amount, source, reference, expiresAt, now });
  const posting = { customerId, key: reference, credits: amount, source, reference };
  await grantCredits(contextOf(play), {
    ...posting,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  });
}

async function clawBack(play: Play): Promise<void> {
  const { random, model, customerId, now } = play;
  play.count += 1;
  const [first = "none", ...rest] = model.lots.map(({ reference }) => reference);
  const reference = random.pick([first, ...rest]);
  const amount = random.int(1, 60);
  modelClawBack(model, { amount, reference, now, asDebt: model.terms.catalogue.policy.uncovered === "debt" });
  const key = `claw back ${play.count}`;
  await clawBackCredits(contextOf(play), { customerId, key, credits: amount, reference });
}

async function janitor(play: Play): Promise<void> {
  if (play.random.chance(0.6)) play.now += 16 * MINUTE;
  modelJanitor(play.model, play.now);
  // It looks at everybody: beside other histories it may have more to do than one call does.
  while ((await expireReservations(contextOf(play), { limit: 1_000 })) === 1_000);
}

async function changePlan(play: Play): Promise<void> {
  const { db, random, model, customerId, now } = play;
  const [first, ...rest] = model.terms.catalogue.plans;
  if (!first) return;
  const { slug } = random.pick([first, ...rest]);
  await db.planGrant.updateMany({ where: { customerId, endsAt: null }, data: { endsAt: new Date(now - 1) } });
  const { currentVersionId } = await db.plan.findUniqueOrThrow({ where: { slug } });
  const planVersionId = currentVersionId ?? "";
  const startsAt = new Date(now - 1);
  await db.planGrant.create({ data: { id: newId(), customerId, planVersionId, source: "comp", startsAt } });
  model.terms = { ...model.terms, plan: slug };
}

async function changeZone(play: Play): Promise<void> {
  const { db, random, model, customerId } = play;
  const timeZone = random.pick(ZONES);
  await db.customer.update({ where: { id: customerId }, data: { timeZone } });
  model.terms = { ...model.terms, anchor: { ...model.terms.anchor, timeZone } };
}

/** A new subscription takes over: its anchor is now. */
async function subscribe(play: Play): Promise<void> {
  const { db, random, model, customerId, now } = play;
  if (random.chance(0.3) && play.subscriptionId !== null) return;
  const id = `sub_${newId()}`;
  const anchor = new Date(now);
  const period = { start: anchor, end: addMonths(anchor, random.pick([1, 1, 3])) };
  await db.subscription.create({
    data: {
      id,
      customerId,
      status: "active",
      stripePriceId: "price_history",
      quantity: 1,
      currentPeriodStart: period.start,
      currentPeriodEnd: period.end,
      billingCycleAnchor: anchor,
      cancelAtPeriodEnd: false,
      startedAt: anchor,
      createdAt: anchor,
      fence: 1n,
    },
  });
  await db.customer.update({ where: { id: customerId }, data: { currentSubscriptionId: id } });
  play.subscriptionId = id;
  model.terms = { ...model.terms, hasSubscription: true, anchor: { ...model.terms.anchor, anchor, period } };
}

async function renew(play: Play): Promise<void> {
  const { db, model, subscriptionId, now } = play;
  const { anchor } = model.terms;
  if (!anchor.period || subscriptionId === null || anchor.period.end.getTime() > now) return;
  let months = 0;
  while (addMonths(anchor.anchor, months + 1).getTime() <= now) months += 1;
  const period = { start: addMonths(anchor.anchor, months), end: addMonths(anchor.anchor, months + 1) };
  const data = { currentPeriodStart: period.start, currentPeriodEnd: period.end };
  await db.subscription.update({ where: { id: subscriptionId }, data });
  model.terms = { ...model.terms, anchor: { ...anchor, period } };
}

async function changeCaps(play: Play): Promise<void> {
  const { db, random, model, customerId } = play;
  const spendCapMinor = random.chance(0.5) ? random.int(0, 1_500) : null;
  await db.customer.update({ where: { id: customerId }, data: { spendCapMinor } });
  const memberCaps = new Map(model.terms.memberCaps);
  for (const userId of memberCaps.keys()) {
    const cap = random.chance(0.5) ? random.int(0, 80) : null;
    const usageCap = cap === null ? null : BigInt(cap);
    await db.member.update({ where: { customerId_userId: { customerId, userId } }, data: { usageCap } });
    memberCaps.set(userId, cap);
  }
  model.terms = { ...model.terms, spendCapMinor, memberCaps };
}

async function sameAsModel({ db, model, customerId }: Play, at: string): Promise<void> {
  const where = { customerId };
  const [balance, lots, counters, lines, reservations] = await Promise.all([
    db.customerBalance.findUniqueOrThrow({ where }),
    db.creditLot.findMany({ where }),
    db.usageCounter.findMany({ where }),
    db.overageLine.findMany({
      where,
      include: { planVersion: { select: { plan: { select: { slug: true } } } } },
    }),
    db.reservation.findMany({ where }),
  ]);
  const stored = {
    balance: [balance.credits, balance.creditsHeld, balance.debt, balance.entrySequence].map(Number),
    lots: byName(lots.map(({ reference, remaining }) => [reference ?? "", Number(remaining)])),
    counters: byName(
      counters.map((row) => [
        `${row.meterKey}|${row.window}|${row.userId === NOBODY ? "" : row.userId}|${row.windowStart.getTime()}`,
        [
          row.windowEnd.getTime(),
          ...[row.used, row.held, row.creditUnits, row.overageUnits, row.uncoveredUnits, row.credits].map(
            Number,
          ),
        ],
      ]),
    ),
    lines: byName(
      lines.map(({ periodStart, meterKey, planVersion, used, held, amountMinor }) => [
        `${periodStart.getTime()}|${meterKey}|${planVersion.plan.slug}`,
        [used, held, amountMinor].map(Number),
      ]),
    ),
    reservations: byName(
      reservations.map((row) => [
        row.key,
        [
          row.state,
          ...[
            row.quantity,
            row.allowanceUnits,
            row.creditUnits,
            row.credits,
            row.overageUnits,
            row.uncoveredUnits,
          ].map(Number),
        ],
      ]),
    ),
  };
  const expected = {
    balance: [model.credits, model.creditsHeld, model.debt, model.entries],
    lots: byName(model.lots.map(({ reference, remaining }) => [reference, remaining])),
    counters: byName(
      [...model.counters].map(([key, row]) => [
        key,
        [row.end, row.used, row.held, row.creditUnits, row.overageUnits, row.uncoveredUnits, row.credits],
      ]),
    ),
    lines: byName(
      [...model.lines].map(([key, { used, held, tiers }]) => [key, [used, held, costOf(tiers, used)]]),
    ),
    reservations: byName(
      [...model.reservations].map(([key, row]) => [
        key,
        [
          row.state,
          row.quantity,
          row.allowance,
          row.creditUnits,
          row.credits,
          row.overageUnits,
          row.uncoveredUnits,
        ],
      ]),
    ),
  };
  for (const part of ["balance", "lots", "counters", "lines", "reservations"] as const) {
    deepStrictEqual(
      stored[part],
      expected[part],
      `${at}: ${part} of ${customerId}\n${differences(stored[part], expected[part])}`,
    );
  }
}

function byName<Value>(entries: [string, Value][]): Record<string, Value> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function differences(
  stored: Record<string, unknown> | unknown[],
  expected: Record<string, unknown> | unknown[],
): string {
  const a = new Map(Object.entries(stored));
  const b = new Map(Object.entries(expected));
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => JSON.stringify(a.get(key)) !== JSON.stringify(b.get(key)))
    .map((key) => `  ${key}: Postgres ${JSON.stringify(a.get(key))}, model ${JSON.stringify(b.get(key))}`)
    .join("\n");
}
