import { expect, test, vi } from "vitest";

import { type SupervisedService, supervise } from "./supervise";

/** A busy machine is not a broken one. */
const PATIENCE = { timeout: 10_000 };

/** A stand-in that lives until `die` is called. */
function createMortal() {
  const ports: (number | null)[] = [];
  let die = (_reason: string): void => {};
  let closed = 0;
  const start = (port: number | null): Promise<SupervisedService> => {
    ports.push(port);
    const exited = new Promise<string>((resolve) => {
      die = resolve;
    });
    return Promise.resolve({
      name: "Redis",
      url: "http://127.0.0.1:4000",
      exited,
      close() {
        closed++;
        die("closed");
        return Promise.resolve();
      },
    });
  };
  return { start, ports, die: (reason: string) => die(reason), closedTimes: () => closed };
}

test("a stand-in that dies is started again on its port, and one line says so", async () => {
  const mortal = createMortal();
  const report = vi.fn();
  const service = await supervise(mortal.start, report);
  mortal.die("out of memory");
  await vi.waitFor(() => expect(report).toHaveBeenCalledOnce(), PATIENCE);
  expect(report).toHaveBeenCalledWith("Redis stopped unexpectedly (out of memory) and was started again.");
  expect(mortal.ports).toEqual([null, 4000]);
  await service.close();
});

test("a stand-in that keeps dying stays down after five restarts", async () => {
  const mortal = createMortal();
  const report = vi.fn();
  const service = await supervise(mortal.start, report);
  for (let death = 1; death <= 6; death++) {
    mortal.die("broken");
    await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(death), PATIENCE);
  }
  expect(report.mock.lastCall?.[0]).toContain("stays down");
  expect(mortal.ports).toHaveLength(6);
  await service.close();
});

test("a stand-in that was closed is not started again", async () => {
  const mortal = createMortal();
  const report = vi.fn();
  const service = await supervise(mortal.start, report);
  await service.close();
  await service.close();
  expect(mortal.ports).toEqual([null]);
  expect(report).not.toHaveBeenCalled();
});
