import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AppError } from "@/lib/app-error";
import { newId } from "@/lib/new-id";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

let world: TestWorld;
let customerId: string;
/** The tickets of the product that is built with this. */
let tickets: Set<string>;
beforeAll(async () => {
  world = await openTestWorld({ preset: "ticketing" });
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
  tickets = new Set();
});
afterAll(() => world.close());

/** A use that hangs on an item: held before it is made, posted once it is there. The item's id is the key. */
async function createTicket(id: string, make: () => void = () => tickets.add(id)): Promise<void> {
  const use = { customerId, userId: null, meter: "tickets", quantity: 1, key: id };
  const { id: reservationId } = await reserveUsage(world.ctx, use);
  try {
    make();
  } catch (error) {
    await releaseReservation(world.ctx, { customerId, reservationId });
    throw error;
  }
  await commitReservation(world.ctx, { customerId, reservationId, quantity: 1, details: {} });
}

const counted = () => world.ctx.db.usageEvent.count({ where: { customerId } });

test("a ticket and its use come together: both, or neither when it cannot be made (S2-55)", async () => {
  await createTicket("a");
  const broken = createTicket("b", () => {
    throw new Error("the disk is full");
  });
  await expect(broken).rejects.toThrow("the disk is full");
  expect([...tickets]).toEqual(["a"]);
  expect(await counted()).toBe(1);
});

test("made again after a crash it is counted once, and at the limit there is no ticket (S2-55, S2-58)", async () => {
  const ids = Array.from({ length: 10 }, newId);
  await Promise.all([...ids, ...ids].map((id) => createTicket(id)));
  expect(tickets.size).toBe(10);
  expect(await counted()).toBe(10);
  const eleventh = await createTicket("eleventh").catch((error: unknown) => error);
  expect(eleventh instanceof AppError && eleventh.publicMessage).toBe(
    "Usage limit exceeded. Please upgrade your plan.",
  );
  expect(tickets.size).toBe(10);
});
