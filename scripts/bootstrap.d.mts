/** A failure the person at the terminal can act on: one line, printed without a stack. */
export class StartError extends Error {}

/** The folder of the checkout. */
export const ROOT: string;

/** Installs the packages of package-lock.json unless they are there. */
export function ensureInstalled(): Promise<void>;

/** The path of the Node that runs everything after the installation. */
export function pinnedNode(): string;

/** Generates the database client unless it is there for this schema. Needs no network. */
export function ensurePrismaClient(): Promise<void>;

/** Runs a TypeScript file of this project under the pinned Node and ends this process as it ended. */
export function becomeTypeScript(file: string, args: string[]): void;

/** Runs `main` and ends with 1 if it fails: with one line if the failure is a StartError. */
export function runScript(main: () => Promise<void>): Promise<void>;

/** Runs a command to its end; `output` is what it printed last. */
export function capture(
  command: string,
  args: string[],
  timeoutMs: number,
  env?: Record<string, string>,
  shell?: boolean,
): Promise<{ ok: boolean; output: string }>;
