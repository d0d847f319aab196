/** One thing to measure: how many of it are done at once, and what one is; or who measures it itself, in other processes. */
export type Contender =
  | { name: string; callers: number; work: () => Promise<unknown>; unitsPerCall?: number }
  | { name: string; measure: (forMs: number) => Promise<Measured> };

/** What was done in one round. */
export type Measured = {
  perSecond: number;
  /** Milliseconds of each call, the shortest first. */
  latencies: number[];
};

export type Rounds = { rounds: number; roundMs: number; warmUpMs?: number };

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
  { rounds, roundMs, warmUpMs = Math.min(roundMs, 500) }: Rounds,
): Promise<Figures[]> {
  const figures = contenders.map(({ name }): Figures => ({ name, perSecond: [], medianMs: [], p99Ms: [] }));
  for (const contender of contenders) await measureOnce(contender, warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const index = (turn + round) % contenders.length;
      const contender = contenders[index];
      const own = figures[index];
      if (!contender || !own) continue;
      const { perSecond, latencies } = await measureOnce(contender, roundMs);
      own.perSecond.push(perSecond);
      own.medianMs.push(quantile(latencies, 0.5));
      own.p99Ms.push(quantile(latencies, 0.99));
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

/** @param sorted the smallest first. */
export function quantile(sorted: number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

function measureOnce(contender: Contender, forMs: number): Promise<Measured> {
  return "measure" in contender ? contender.measure(forMs) : callForAWhile(contender, forMs);
}

/** So many callers, each calling again as soon as it is answered. */
export async function callForAWhile(
  {
    callers,
    work,
    unitsPerCall = 1,
  }: { callers: number; work: () => Promise<unknown>; unitsPerCall?: number },
  forMs: number,
): Promise<Measured> {
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
