import { expect, test, vi } from "vitest";
import { insertObject, inTransaction } from "@/local/stripe/store/store";
import { openContext } from "@/local/stripe/testing/open-context";
import { type DueWork, nextDue, planDue } from "./due";
import { runDueWork } from "./run-due-work";

const NOON = 1_800_000_000;

/** Plans in this order and gives what is done in which. */
function orderOf(plans: DueWork[]): string[] {
  const { store } = openContext(NOON);
  for (const plan of plans) planDue(store, plan);
  const done: string[] = [];
  for (let work = nextDue(store, NOON); work; work = nextDue(store, NOON)) {
    done.push(`${work.objectId} ${work.kind}`);
    store.db.prepare("delete from due where object_id = ? and kind = ?").run(work.objectId, work.kind);
  }
  return done;
}

test("what is due earlier is done earlier, whenever it was planned", () => {
  const plans: DueWork[] = [
    { at: NOON, kind: "renew_subscription", objectId: "late" },
    { at: NOON - 1, kind: "renew_subscription", objectId: "early" },
    { at: NOON + 1, kind: "renew_subscription", objectId: "not yet" },
  ];
  expect(orderOf(plans)).toEqual(["early renew_subscription", "late renew_subscription"]);
});

test("within a second ends come first, then next phases, then the rest in the order it was planned in", () => {
  const plans: DueWork[] = [
    { at: NOON, kind: "tell_upcoming_invoice", objectId: "a" },
    { at: NOON, kind: "renew_subscription", objectId: "b" },
    { at: NOON, kind: "advance_schedule", objectId: "c" },
    { at: NOON, kind: "finalize_invoice", objectId: "a" },
    { at: NOON, kind: "cancel_subscription", objectId: "b" },
    // Planned again, it is the last to be planned.
    { at: NOON, kind: "tell_upcoming_invoice", objectId: "a" },
  ];
  expect(orderOf(plans)).toEqual([
    "b cancel_subscription",
    "c advance_schedule",
    "b renew_subscription",
    "a finalize_invoice",
    "a tell_upcoming_invoice",
  ]);
});

test("work that throws is taken back and stays due, what came before it stands, and nothing after it is done", () => {
  const context = openContext(NOON);
  const { store } = context;
  // A coupon whose body cannot be worked on.
  inTransaction(store, () => {
    for (const id of ["first", "broken", "third"]) {
      // Only what the work looks at; it is not read as anything else.
      insertObject(store, "coupon", { id, object: "coupon", valid: true } as never, {
        appliesTo: null,
        currencyOptions: {},
      });
      planDue(store, { at: NOON, kind: "expire_coupon", objectId: id });
    }
  });
  const body = store.db.prepare("select body from objects where id = 'broken'").get()?.body ?? "";
  store.db.prepare("update objects set body = 'nonsense' where id = 'broken'").run();
  expect(() => runDueWork(store, context.baseUrl, NOON)).toThrow();
  expect(isValid("first")).toBe(0);
  expect(isValid("third")).toBe(1);
  store.db.prepare("update objects set body = ? where id = 'broken'").run(body);
  runDueWork(store, context.baseUrl, NOON);
  expect([isValid("first"), isValid("broken"), isValid("third")]).toEqual([0, 0, 0]);
  expect(nextDue(store, NOON)).toBeNull();
  vi.restoreAllMocks();

  function isValid(id: string): unknown {
    return store.db.prepare("select json_extract(body, '$.valid') as valid from objects where id = ?").get(id)
      ?.valid;
  }
});

test("each clock has its own work", () => {
  const { store } = openContext(NOON);
  const plan: DueWork = { at: NOON, kind: "renew_subscription", objectId: "sub_1" };
  inTransaction(store, () => planDue(store, plan), "clock_1");
  expect(nextDue(store, NOON)).toBeNull();
  expect(nextDue(store, NOON, "clock_2")).toBeNull();
  expect(nextDue(store, NOON, "clock_1")).toEqual(plan);
});
