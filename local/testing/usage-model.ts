import type { AllowanceWindow, BeyondAllowance, Catalogue } from "@/lib/domain/catalogue";
import { type UsageWindow, type WindowAnchor, windowAt } from "@/lib/domain/period";

/**
 * The rules of metering once more, as plainly as they can be said: in memory, unit by unit, for one customer, with no
 * thought of speed. Tests hold the database against it after every step of random histories.
 */
export type UsageModel = {
  terms: ModelTerms;
  credits: number;
  creditsHeld: number;
  debt: number;
  entries: number;
  lots: ModelLot[];
  counters: Map<string, ModelCounter>;
  lines: Map<string, ModelLine>;
  reservations: Map<string, ModelReservation>;
};

/** What the customer has been promised as of now. */
export type ModelTerms = {
  catalogue: Catalogue;
  plan: string;
  anchor: WindowAnchor;
  hasSubscription: boolean;
  /** By user; a user who is not in it has no counter of their own. Null = no cap. */
  memberCaps: Map<string, number | null>;
  spendCapMinor: number | null;
};

export type ModelLot = {
  reference: string;
  source: string;
  remaining: number;
  expiresAt: number | null;
  grantedAt: number;
};
export type ModelCounter = Paid & { end: number; held: number; used: number };
export type ModelLine = { used: number; held: number; tiers: Tier[] };
export type ModelUse = {
  key: string;
  meter: string;
  userId: string | null;
  quantity: number;
  least: number;
  creditsPerUnit: { most: number; least: number } | null;
};
export type ModelReservation = Payment & {
  use: ModelUse;
  state: "held" | "committed" | "released" | "expired";
  quantity: number;
  expiresAt: number;
  places: Place[];
  overageFirst: boolean;
  price: number | null;
  overage: { line: string; cap: number } | null;
};

type Paid = { creditUnits: number; overageUnits: number; uncoveredUnits: number; credits: number };
type Payment = {
  allowance: number;
  creditUnits: number;
  credits: number;
  overageUnits: number;
  uncoveredUnits: number;
};
type Tier = { from: number; unitAmountMinor: number };
/** A counter that a use is in, what it may hold at most, and what may pay once it is full. */
type Place = {
  counter: string;
  isMembers: boolean;
  limit: number | null;
  routes: Set<BeyondAllowance>;
  window: UsageWindow;
  /** Of a hold that is being settled: what it has there, whatever the limit. */
  kept?: number;
};

export function openUsageModel(terms: ModelTerms): UsageModel {
  return {
    terms,
    credits: 0,
    creditsHeld: 0,
    debt: 0,
    entries: 0,
    lots: [],
    counters: new Map(),
    lines: new Map(),
    reservations: new Map(),
  };
}

/** What each use is told, in order: `held`, `posted`, `replayed`, `mismatch`, `denied`, `not_all`. */
export function modelDecide(
  model: UsageModel,
  mode: "hold" | "post",
  { uses, allOrNone, now }: { uses: ModelUse[]; allOrNone: boolean; now: number },
): string[] {
  postExpiry(model, now);
  const before = allOrNone ? structuredClone(withoutTerms(model)) : null;
  const made: string[] = [];
  const places = uses.map((use) => placesOf(model, use, now));
  const outcomes = uses.map((use, index) => {
    const known = model.reservations.get(use.key);
    const first = uses.findIndex(({ key }) => key === use.key);
    const twin = uses[first];
    if (twin && first < index && (made.includes(use.key) || !known)) {
      // The same key twice in one batch is one use, or none.
      const isSame = twin.meter === use.meter && twin.quantity === use.quantity;
      if (!isSame) return "mismatch";
      return made.includes(use.key) ? "replayed" : "denied";
    }
    if (known) {
      const isSame =
        known.use.meter === use.meter && use.least <= known.quantity && known.quantity <= use.quantity;
      return isSame ? "replayed" : "mismatch";
    }
    const own = places[index] ?? [];
    const meter = model.terms.catalogue.meters.find(({ key }) => key === use.meter);
    const price = use.creditsPerUnit?.most ?? meter?.creditsPerUnit ?? null;
    const overage = overageOf(model, use.meter);
    const overageFirst = allowancesOf(model, use.meter)[0]?.beyond[0] === "overage";
    const payment = pay(model, {
      quantity: use.quantity,
      places: own,
      available: model.credits - model.creditsHeld,
      price,
      leastPrice: use.creditsPerUnit?.least ?? price,
      overage,
      overageFirst,
    });
    const quantity = use.quantity - payment.uncoveredUnits;
    if (quantity < use.least) return "denied";
    // A whole batch begins the windows of all its uses as soon as one of them passes.
    for (const place of places.flat()) counterOf(model, place);
    for (const { meter } of uses) beginLine(model, overageOf(model, meter));
    const reservation: ModelReservation = {
      ...payment,
      uncoveredUnits: 0,
      use,
      state: mode === "hold" ? "held" : "committed",
      quantity,
      expiresAt: now + 15 * 60_000,
      places: own,
      overageFirst,
      price,
      overage: overage && { line: overage.line, cap: overage.cap },
    };
    model.reservations.set(use.key, reservation);
    made.push(use.key);
    if (mode === "hold") hold(model, reservation, 1);
    else post(model, reservation, quantity, now);
    return mode === "hold" ? "held" : "posted";
  });
  if (before && outcomes.includes("denied")) {
    Object.assign(model, before);
    return outcomes.map((outcome, index) =>
      outcome !== "mismatch" && made.includes(uses[index]?.key ?? "") ? "not_all" : outcome,
    );
  }
  return outcomes;
}

/** @param input.price credits a unit really cost; null = as reserved. */
export function modelCommit(
  model: UsageModel,
  input: { key: string; quantity: number; price: number | null; now: number; asDebt: boolean },
): string {
  const { key, quantity, now } = input;
  postExpiry(model, now);
  const reservation = model.reservations.get(key);
  if (!reservation) return "unknown";
  if (reservation.state === "released") return "released";
  if (reservation.state === "committed") return "replayed";
  const wasHeld = reservation.state === "held";
  if (wasHeld) hold(model, reservation, -1);
  const price = input.price ?? reservation.price;
  const line = reservation.overage && model.lines.get(reservation.overage.line);
  const terms = {
    quantity,
    // What was held is there, whatever others were allowed meanwhile.
    places: reservation.places.map((place) => ({
      ...place,
      kept: wasHeld ? heldAt(reservation, place) : 0,
    })),
    available: model.credits - model.creditsHeld,
    price,
    leastPrice: input.price === null ? price : 0,
    overage: reservation.overage && line ? { ...reservation.overage, tiers: line.tiers } : null,
    overageFirst: reservation.overageFirst,
  };
  const payment = pay(model, terms);
  const mayOwe = input.asDebt && price !== null && mayPay(model, terms.places, quantity, "credits");
  const owed = mayOwe ? payment.uncoveredUnits * (price ?? 0) + payment.uncoveredCredits : 0;
  Object.assign(reservation, payment, { state: "committed" });
  post(model, reservation, quantity, now);
  if (owed > 0) {
    model.credits -= owed;
    model.debt += owed;
    model.entries += 1;
  }
  return "committed";
}

export function modelRelease(model: UsageModel, key: string): string {
  const reservation = model.reservations.get(key);
  if (!reservation) return "unknown";
  if (reservation.state === "held") {
    hold(model, reservation, -1);
    reservation.state = "released";
  }
  return reservation.state;
}

export function modelJanitor(model: UsageModel, now: number): void {
  for (const reservation of model.reservations.values()) {
    if (reservation.state !== "held" || reservation.expiresAt > now) continue;
    hold(model, reservation, -1);
    reservation.state = "expired";
  }
}

export function modelGrant(
  model: UsageModel,
  {
    amount,
    now,
    ...lot
  }: { amount: number; source: string; reference: string; expiresAt: number | null; now: number },
): void {
  postExpiry(model, now);
  const paid = Math.min(model.debt, amount);
  model.debt -= paid;
  model.credits += amount;
  model.entries += 1;
  model.lots.push({ ...lot, remaining: amount - paid, grantedAt: now });
}

export function modelClawBack(
  model: UsageModel,
  { amount, reference, now, asDebt }: { amount: number; reference: string; now: number; asDebt: boolean },
): void {
  postExpiry(model, now);
  const own = model.lots.find((lot) => lot.reference === reference);
  let left = amount;
  if (own) {
    const taken = Math.min(own.remaining, left);
    own.remaining -= taken;
    left -= taken;
  }
  left -= draw(left, inDrawDownOrder(model));
  model.credits -= amount - left;
  if (asDebt) {
    model.credits -= left;
    model.debt += left;
  }
  model.entries += 1;
}

/** What has expired goes, but for as much as open holds still count on. */
function postExpiry(model: UsageModel, now: number): void {
  const expired = model.lots
    .filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now)
    .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0) || a.grantedAt - b.grantedAt);
  const amount = Math.min(
    sum(expired, ({ remaining }) => remaining),
    model.credits - model.creditsHeld,
  );
  if (amount <= 0) return;
  draw(amount, expired);
  model.credits -= amount;
  model.entries += 1;
}

/** Unit by unit: the allowance, then what may pay, in the meter's order, for as long as it can. */
function pay(
  model: UsageModel,
  use: {
    quantity: number;
    places: Place[];
    available: number;
    price: number | null;
    leastPrice: number | null;
    overage: { line: string; cap: number; tiers: Tier[] } | null;
    overageFirst: boolean;
  },
): Payment & { uncoveredCredits: number } {
  const paid = {
    allowance: 0,
    creditUnits: 0,
    credits: 0,
    overageUnits: 0,
    uncoveredUnits: 0,
    uncoveredCredits: 0,
  };
  const room = Math.min(...use.places.map((place) => free(model, place)));
  const { overage, price } = use;
  const byCredits = price !== null && mayPay(model, use.places, use.quantity, "credits");
  const byOverage = overage !== null && mayPay(model, use.places, use.quantity, "overage");
  let isLastCreditSpent = false;

  function creditsPay(): boolean {
    if (!byCredits || price === null || isLastCreditSpent) return false;
    const left = Math.max(0, use.available) - paid.credits;
    if (left >= price) {
      paid.credits += price;
    } else {
      isLastCreditSpent = true;
      // A unit whose price may vary is sold for what is left.
      const least = use.leastPrice ?? price;
      if (least >= price || left < Math.max(least, 1)) return false;
      paid.credits += left;
      paid.uncoveredCredits += price - left;
    }
    paid.creditUnits += 1;
    return true;
  }

  function overagePays(): boolean {
    if (!byOverage || !overage) return false;
    const line = model.lines.get(overage.line) ?? { used: 0, held: 0 };
    const most = dearest(overage.tiers, line.used + line.held + paid.overageUnits + 1);
    if (most + dearestOfOthers(model, overage.line) > overage.cap) return false;
    paid.overageUnits += 1;
    return true;
  }

  for (let unit = 0; unit < use.quantity; unit += 1) {
    if (unit < room) paid.allowance += 1;
    else if (use.overageFirst ? overagePays() || creditsPay() : creditsPay() || overagePays()) continue;
    else paid.uncoveredUnits += 1;
  }
  return paid;
}

/** Whether every window that is too full for the whole use lets this pay instead. */
function mayPay(model: UsageModel, places: Place[], quantity: number, route: BeyondAllowance): boolean {
  return places.every((place) => free(model, place) >= quantity || place.routes.has(route));
}

function free(model: UsageModel, { counter, limit, kept = 0 }: Place): number {
  const { used, held } = model.counters.get(counter) ?? { used: 0, held: 0 };
  return limit === null ? Infinity : Math.max(kept, limit - used - held);
}

function heldAt({ quantity, allowance }: ModelReservation, { isMembers }: Place): number {
  return isMembers ? quantity : allowance;
}

function hold(model: UsageModel, reservation: ModelReservation, sign: 1 | -1): void {
  for (const place of reservation.places) {
    counterOf(model, place).held += sign * heldAt(reservation, place);
  }
  model.creditsHeld += sign * reservation.credits;
  const line = reservation.overage && model.lines.get(reservation.overage.line);
  if (line) line.held += sign * reservation.overageUnits;
}

function post(model: UsageModel, reservation: ModelReservation, quantity: number, now: number): void {
  for (const place of reservation.places) {
    const counter = counterOf(model, place);
    counter.used += place.isMembers ? quantity : reservation.allowance;
    if (place.isMembers) continue;
    counter.creditUnits += reservation.creditUnits;
    counter.overageUnits += reservation.overageUnits;
    counter.uncoveredUnits += reservation.uncoveredUnits;
    counter.credits += reservation.credits;
  }
  const line = reservation.overage && model.lines.get(reservation.overage.line);
  if (line) line.used += reservation.overageUnits;
  if (reservation.credits === 0) return;
  const drawn = draw(reservation.credits, inDrawDownOrder(model));
  if (drawn < reservation.credits) throw new Error(`fewer credits in lots than in the balance at ${now}`);
  model.credits -= reservation.credits;
  model.entries += 1;
}

function draw(amount: number, lots: ModelLot[]): number {
  let left = amount;
  for (const lot of lots) {
    const taken = Math.min(lot.remaining, left);
    lot.remaining -= taken;
    left -= taken;
  }
  return amount - left;
}

function inDrawDownOrder({ lots, terms }: UsageModel): ModelLot[] {
  const order: string[] = terms.catalogue.policy.drawDown;
  return [...lots].sort(
    (a, b) =>
      order.indexOf(a.source) - order.indexOf(b.source) ||
      (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity) ||
      a.grantedAt - b.grantedAt,
  );
}

function placesOf(model: UsageModel, { meter, userId }: ModelUse, now: number): Place[] {
  const own = allowancesOf(model, meter);
  const limits = new Map<AllowanceWindow, number | null>([
    ["day", null],
    ["month", null],
    ...own.map(({ window, amount }) => [window, amount] as const),
  ]);
  if (own.length === 0) limits.set("lifetime", 0);
  const shared = [...limits].map(([name, limit]): Place => {
    const beyond = own.find(({ window }) => window === name)?.beyond ?? [];
    const routes = new Set(limit === null ? (["credits", "overage"] as const) : beyond);
    return { ...placeAt(model, meter, name, null, now), isMembers: false, limit, routes };
  });
  const cap = userId === null ? undefined : model.terms.memberCaps.get(userId);
  if (cap === undefined) return shared;
  const routes = new Set<BeyondAllowance>(cap === null ? ["credits", "overage"] : []);
  return [
    ...shared,
    { ...placeAt(model, meter, "period", userId, now), isMembers: true, limit: cap, routes },
  ];
}

/** A window in progress goes on until it ends; the next begins where it ended. Only the billing period is Stripe's. */
function placeAt(
  model: UsageModel,
  meter: string,
  name: AllowanceWindow,
  userId: string | null,
  now: number,
): Pick<Place, "counter" | "window"> {
  const terms = windowAt(name, model.terms.anchor, new Date(now));
  const prefix = `${meter}|${name}|${userId ?? ""}|`;
  const known = [...model.counters]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, { end }]) => ({ start: Number(key.slice(prefix.length)), end }))
    .filter(({ start }) => start <= now)
    .sort((a, b) => b.start - a.start)[0];
  let window = terms;
  if (name !== "period" && known) {
    const start = known.end > now ? known.start : Math.max(known.end, terms.start.getTime());
    const end = known.end > now ? known.end : terms.end.getTime();
    window = { start: new Date(start), end: new Date(end) };
  }
  return { counter: `${prefix}${window.start.getTime()}`, window };
}

function counterOf(model: UsageModel, { counter, window }: Place): ModelCounter {
  const found = model.counters.get(counter);
  if (found) return found;
  const end = window.end.getTime();
  const made = { end, used: 0, held: 0, creditUnits: 0, overageUnits: 0, uncoveredUnits: 0, credits: 0 };
  model.counters.set(counter, made);
  return made;
}

function allowancesOf({ terms }: UsageModel, meter: string) {
  const plan = terms.catalogue.plans.find(({ slug }) => slug === terms.plan);
  return plan?.allowances.filter((allowance) => allowance.meter === meter) ?? [];
}

function overageOf(
  { terms }: UsageModel,
  meter: string,
): { line: string; cap: number; tiers: Tier[] } | null {
  const plan = terms.catalogue.plans.find(({ slug }) => slug === terms.plan);
  const sold = plan?.overage?.find((overage) => overage.meter === meter);
  const { period } = terms.anchor;
  if (!sold || !period || !terms.hasSubscription) return null;
  let from = 1;
  const tiers = sold.tiers.map(({ upTo, unitAmountMinor }) => {
    const tier = { from, unitAmountMinor };
    from = (upTo ?? 0) + 1;
    return tier;
  });
  const cap = terms.spendCapMinor ?? terms.catalogue.policy.overageCapMinor;
  return { line: `${period.start.getTime()}|${meter}|${terms.plan}`, cap, tiers };
}

function beginLine(model: UsageModel, overage: { line: string; tiers: Tier[] } | null): void {
  if (overage && !model.lines.has(overage.line)) {
    model.lines.set(overage.line, { used: 0, held: 0, tiers: overage.tiers });
  }
}

/** All units of a period cost what the tier of the last of them says. */
export function costOf(tiers: Tier[], units: number): number {
  return units * (tiers.findLast(({ from }) => units >= from)?.unitAmountMinor ?? 0);
}

/** The most that any number of units up to this one costs: fewer may cost more. */
function dearest(tiers: Tier[], units: number): number {
  let most = 0;
  for (let count = 1; count <= units; count += 1) most = Math.max(most, costOf(tiers, count));
  return most;
}

/** The cap is one for all lines of a period. */
function dearestOfOthers({ lines }: UsageModel, line: string): number {
  const period = line.split("|")[0];
  const others = [...lines].filter(([key]) => key !== line && key.split("|")[0] === period);
  return sum(others, ([, { tiers, used, held }]) => dearest(tiers, used + held));
}

function withoutTerms({ terms: _, ...state }: UsageModel): Omit<UsageModel, "terms"> {
  return state;
}

function sum<Item>(items: Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
