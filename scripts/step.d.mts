/** Runs one step of a start and prints one line with its duration. */
export function step<Result>(
  name: string,
  run: (note: (text: string) => void) => Promise<Result> | Result,
): Promise<Result>;
