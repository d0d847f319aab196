import { afterAll, beforeAll, expect, test } from "vitest";
import { type Db, openDb } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { recordUsage } from "./record-usage";

let world: TestWorld;
let clients: Db[];
beforeAll(async () => {
  world = await openTestWorld();
  clients = Array.from({ length: 8 }, () => openDb(world.ctx.env.databaseUrl, 2));
});
afterAll(async () => {
  await Promise.all(clients.map((db) => db.$disconnect()));
  await world.close();
});

test("the first uses of a month by many customers at once all count: its partition is made by one of them", async () => {
  const people = await Promise.all(clients.map(() => world.createPerson()));
  for (const month of ["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]) {
    const now = new Date(`${month}-10T12:00:00Z`);
    const outcomes = await Promise.allSettled(
      people.map(({ customerId }, index) => {
        const db = clients[index] ?? world.ctx.db;
        return recordUsage(
          { db, now },
          { customerId, userId: null, meter: "ai_requests", quantity: 1, key: newId() },
        );
      }),
    );
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [String(outcome.reason)] : [],
    );
    expect(failures).toEqual([]);
  }
});
