/** Does the work as soon as it is its turn. */
export type Turns = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** Lets so many works be under way at once; the others wait in the order they came. */
export function openTurns(atOnce: number): Turns {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
