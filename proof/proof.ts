export type ProofInput = {
  seed: number;
  /** Says how far it is. */
  note(text: string): void;
};

/** One row of what is promised, in its full size. */
export type Proof = {
  id: string;
  promise: string;
  /** @returns the figure, in one line. @throws Error when the promise is not kept: then there is none. */
  run(input: ProofInput): Promise<string>;
};
