/**
 * Calls at even intervals, whether the ones before are answered or not, as callers do who know nothing of each other. A
 * latency counts from when the call was due: one that had to wait for its turn has waited.
 * @returns milliseconds of each call, in the order in which they were due.
 */
export async function callAtRate(
  work: () => Promise<unknown>,
  { perSecond, forMs }: { perSecond: number; forMs: number },
): Promise<number[]> {
  const count = Math.floor((perSecond * forMs) / 1_000);
  const latencies = new Array<number>(count);
  const startedAt = performance.now();
  const calls: Promise<void>[] = [];
  for (let call = 0; call < count; call += 1) {
    const dueAt = startedAt + (call * 1_000) / perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    calls.push(
      work().then(() => {
        latencies[call] = performance.now() - dueAt;
      }),
    );
  }
  await Promise.all(calls);
  return latencies;
}
