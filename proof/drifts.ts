import type { Db } from "@/lib/db/client";
import { query } from "@/lib/db/query";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { injectDrift, KINDS_OF_DRIFT } from "@/local/testing/inject-drift";
import { seededRandom } from "@/local/testing/seeded-random";
import { makeCustomers } from "./make-customers";
import type { Proof } from "./proof";
import { claim, openProofWorld } from "./proof-world";

const CUSTOMERS = 100_000;
const DRIFTS = 10_000;

/** 10,000 drifts among 100,000 customers. */
export const driftsAreRepaired: Proof = {
  id: "R9",
  promise: "reconciliation repairs all, once, and never upwards",
  async run({ seed, note }) {
    const random = seededRandom(seed);
    const world = await openProofWorld();
    try {
      const { db } = world;
      note(`making ${CUSTOMERS} customers`);
      const events = await makeCustomers(db, CUSTOMERS);
      note(`${events} events; comparing them all`);
      const clean = await timed(() => reconcile({ db }, { repairs: true }));
      claim(clean.value?.drifts === 0 && clean.value.checked === CUSTOMERS, "what is right has no drift");

      note(`${clean.seconds.toFixed(1)} s without drifts; injecting ${DRIFTS}`);
      const customers = await query<{ id: string }>(db, "select id from customers order by id", []);
      const spoiled = new Set<string>();
      let injected = 0;
      while (injected < DRIFTS) {
        const id = customers[random.int(0, customers.length - 1)]?.id ?? "";
        if (spoiled.has(id)) continue;
        const found = await injectDrift(db, random, { kind: random.pick(KINDS_OF_DRIFT), customerIds: [id] });
        if (!found) continue;
        spoiled.add(id);
        injected += 1;
      }
      const before = await spendable(db);
      claim(before.above > 0, "some drifts let too much be spent");
      const dry = await reconcile({ db }, { repairs: false });
      claim(dry?.drifted === DRIFTS, "every customer who was spoiled has drifted, and nobody else");
      note(`${dry?.drifted} customers have drifted; repairing`);
      const first = await timed(() => reconcile({ db }, { repairs: true }));
      claim(
        first.value?.drifted === dry?.drifted && first.value?.repaired === first.value?.drifts,
        "the first run repairs all",
      );
      const after = await spendable(db);
      claim(after.above === 0, "no balance is above its ledger");
      const second = await reconcile({ db }, { repairs: true });
      claim(second?.drifts === 0, "the second run finds none");
      const { units, credits, moneyMinor, drifts } = first.value ?? {};
      return `${CUSTOMERS} customers, ${events} events, ${injected} drifts injected (${drifts} numbers in ${first.value?.drifted} customers: ${units} units, ${credits} credits, ${moneyMinor} minor units): first run repaired all in ${first.seconds.toFixed(1)} s, second none, 0 balances above the ledger (${before.above} before); a run that finds nothing takes ${clean.seconds.toFixed(1)} s (B15: at most 60 s)`;
    } finally {
      await world.close();
    }
  },
};

/** Customers who could spend more credits than their ledger and their open holds leave them. */
async function spendable(db: Db): Promise<{ above: number }> {
  const [row] = await query<{ above: string }>(
    db,
    `select count(*) as above from customer_balances b
     left join (select customer_id, sum(amount) as credits from credit_entries group by 1) e using (customer_id)
     left join (select customer_id, sum(credits) as held from reservations where state = 'held' group by 1) h using (customer_id)
     where b.credits - b.credits_held > coalesce(e.credits, 0) - coalesce(h.held, 0)`,
    [],
  );
  return { above: Number(row?.above) };
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; seconds: number }> {
  const startedAt = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - startedAt) / 1_000 };
}
