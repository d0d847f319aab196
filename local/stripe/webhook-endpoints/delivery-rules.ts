import type Stripe from "stripe";
import { readMeta, runSql, type Store, writeMeta } from "@/local/stripe/store/store";
import { queueDelivery } from "./deliveries";

const KEY = "delivery_rules";
/** What waits to be turned around waits no longer than an hour, if too little follows. */
const LONGEST_HOLD_MS = 60 * 60 * 1000;
/** Deliveries run side by side, so that what is to arrive later has to start later. */
const SPACING_MS = 250;

/** What goes wrong with deliveries, as it does in life: nothing about them is promised but that they are tried. https://docs.stripe.com/webhooks#best-practices */
export type DeliveryRule = {
  id: string;
  action: "twice" | "reverse" | "late" | "never" | "lose_answer";
  /** Only what goes to this one; null is any. */
  endpoint: string | null;
  /** Only events of this type; null is any. */
  type: string | null;
  late_by_seconds: number;
  remaining: number;
  /** Deliveries that wait to be turned around, in the order they were made. */
  held: number[];
};

export function listRules(store: Store): DeliveryRule[] {
  return JSON.parse(readMeta(store, KEY) ?? "[]");
}

/** Adds a rule for the next so many deliveries. */
export function addRule(store: Store, rule: Omit<DeliveryRule, "id" | "held">): DeliveryRule {
  const rules = listRules(store);
  const last = Math.max(0, ...rules.map(({ id }) => Number(id.replace("rule_", ""))));
  const added = { ...rule, id: `rule_${last + 1}`, held: [] };
  saveRules(store, [...rules, added]);
  return added;
}

/** Takes a rule back; what it holds goes out. @returns whether there was one. */
export function dropRule(store: Store, id: string, nowMs: number): boolean {
  const rules = listRules(store);
  const dropped = rules.find((rule) => rule.id === id);
  if (!dropped) return false;
  release(store, dropped.held, nowMs);
  saveRules(
    store,
    rules.filter((rule) => rule !== dropped),
  );
  return true;
}

/** Queues an event for an endpoint as the rules say, or simply. */
export function queueByRules(
  store: Store,
  event: { id: string; type: string },
  endpoint: string,
  atMs: number,
): void {
  const rule = takeRule(store, event.type, endpoint, ["twice", "reverse", "late"]);
  const wait = rule?.action === "late" ? rule.late_by_seconds * 1000 : 0;
  const hold = rule?.action === "reverse" ? LONGEST_HOLD_MS : 0;
  const id = queueDelivery(store, event.id, endpoint, atMs + wait + hold);
  if (rule?.action === "twice") queueDelivery(store, event.id, endpoint, atMs);
  if (rule?.action === "reverse") holdBack(store, rule, id, atMs);
}

/** Uses up one of the first rule that fits, or gives null. */
export function takeRule(
  store: Store,
  type: Stripe.Event.Type | string,
  endpoint: string,
  actions: readonly DeliveryRule["action"][],
): DeliveryRule | null {
  const rules = listRules(store);
  const rule = rules.find(
    (one) =>
      one.remaining > 0 &&
      actions.includes(one.action) &&
      (one.endpoint === null || one.endpoint === endpoint) &&
      (one.type === null || one.type === type),
  );
  if (!rule) return null;
  const taken = { ...rule, remaining: rule.remaining - 1 };
  saveRules(
    store,
    rules.map((one) => (one === rule ? taken : one)),
  );
  return taken;
}

/** The last of them lets all go, the last first. */
function holdBack(store: Store, rule: DeliveryRule, delivery: number, atMs: number): void {
  const held = [...rule.held, delivery];
  if (rule.remaining === 0) {
    release(store, held.toReversed(), atMs);
    return;
  }
  saveRules(
    store,
    listRules(store).map((one) => (one.id === rule.id ? { ...one, held } : one)),
  );
}

function release(store: Store, deliveries: readonly number[], atMs: number): void {
  const sql =
    "update deliveries set next_attempt_at_ms = ? where id = ? and status = 'pending' and attempts = 0";
  deliveries.forEach((id, index) => {
    runSql(store, sql, atMs + index * SPACING_MS, id);
  });
}

/** Those used up are forgotten. */
function saveRules(store: Store, rules: readonly DeliveryRule[]): void {
  writeMeta(store, KEY, JSON.stringify(rules.filter(({ remaining }) => remaining > 0)));
}
