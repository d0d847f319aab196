/** How a benchmark is run. */
export type BenchOptions = {
  /** A small world and few rounds: to see that it runs, not what it takes. Its figures are kept apart. */
  isShort: boolean;
};
