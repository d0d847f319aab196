import { afterEach, expect, test, vi } from "vitest";
import { openClock, saveClockOffset, timeOfCall } from "./clock";
import { openStore } from "./store/store";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a call that comes to the next second on its way is made again at the time its work lived by", () => {
  const store = openStore(null);
  const clock = openClock(store);
  vi.spyOn(Date, "now").mockReturnValueOnce(124_999).mockReturnValueOnce(125_001);
  const arrivedAt = clock.now();
  const worked = clock.now();
  expect([arrivedAt, worked]).toEqual([124, 125]);
  expect(timeOfCall(store, arrivedAt)).toBe(worked);
});

test("one that moves the clock is made again before it has moved", () => {
  const store = openStore(null);
  const clock = openClock(store);
  const arrivedAt = clock.now();
  saveClockOffset(store, 86_400_000);
  expect(clock.now()).toBeGreaterThan(arrivedAt + 1);
  expect(timeOfCall(store, arrivedAt)).toBe(arrivedAt);
});
