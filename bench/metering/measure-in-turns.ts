/** One thing to measure: how many of it are done at once, and what one is. */
export type Contender = {
  name: string;
  callers: number;
  /** @returns how many units of work it did; one where it says nothing. */
  work: () => Promise<unknown>;
  unitsPerCall?: number;
};

export type Figures = {
  name: string;
  /** Units of work a second, by round. */
  perSecond: number[];
  /** Milliseconds a call took, the middle of each round. */
  medianMs: number[];
  p99Ms: number[];
};

/**
 * Measures contenders in turns, so that what the machine does beside them falls on all alike; who goes first changes
 * with every round. A call that fails breaks the run: a refusal is no figure.
 */
export async function measureInTurns(
  contenders: Contender[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Figures[]> {
  const figures = contenders.map(({ name }): Figures => ({ name, perSecond: [], medianMs: [], p99Ms: [] }));
  for (const contender of contenders) await measureOnce(contender, Math.min(roundMs, 500));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const index = (turn + round) % contenders.length;
      const contender = contenders[index];
      const own = figures[index];
      if (!contender || !own) continue;
      const { perSecond, latencies } = await measureOnce(contender, roundMs);
      own.perSecond.push(perSecond);
      own.medianMs.push(latencies[Math.floor(latencies.length / 2)] ?? 0);
      own.p99Ms.push(latencies[Math.floor(latencies.length * 0.99)] ?? 0);
    }
  }
  return figures;
}

/** The middle of the ratios that each round gave. */
export function medianRatio(dividend: number[], divisor: number[]): number {
  return median(dividend.map((value, round) => value / (divisor[round] ?? Number.NaN)));
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function measureOnce(
  { callers, work, unitsPerCall = 1 }: Contender,
  forMs: number,
): Promise<{ perSecond: number; latencies: number[] }> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const call = async () => {
    while (performance.now() - startedAt < forMs) {
      const calledAt = performance.now();
      await work();
      latencies.push(performance.now() - calledAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    perSecond: (latencies.length * unitsPerCall) / seconds,
    latencies: latencies.toSorted((a, b) => a - b),
  };
}
