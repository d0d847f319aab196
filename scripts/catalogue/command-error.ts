/** What ends a command with a sentence for the person at the terminal instead of a stack. */
export class CommandError extends Error {
  /** 1 = what was looked at is not as it should be, 2 = it could not be looked at. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
