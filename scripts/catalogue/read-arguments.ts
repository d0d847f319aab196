import { parseArgs } from "node:util";
import { CommandError } from "./command-error";

const COMMANDS = ["validate", "diff", "push", "pull"] as const;
export type Command = (typeof COMMANDS)[number];

export type Arguments = {
  command: Command;
  file: string | null;
  /** The preset named; null = the one that CATALOGUE names. */
  catalogue: string | null;
  isDryRun: boolean;
  mayReplace: boolean;
};

const FLAGS = {
  file: { type: "string" },
  catalogue: { type: "string" },
  "dry-run": { type: "boolean" },
  replace: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
type Flag = keyof typeof FLAGS;

const FLAGS_OF: Record<Command, Flag[]> = {
  validate: ["file", "catalogue"],
  diff: ["file", "catalogue"],
  push: ["file", "catalogue", "dry-run", "replace"],
  pull: ["file"],
};

export const HELP = `npm run catalogue -- COMMAND [flags]

  validate   checks the file; needs neither database nor Stripe
  diff       says what differs between the file and what is published, and between that and Stripe
  push       publishes the file, and makes, archives and puts right at Stripe what follows from it
  pull       writes what is published as a file

  --file PATH       the catalogue: a .json, .ts or .js file. Without it the preset that CATALOGUE names is
                    meant; pull prints JSON then
  --catalogue KEY   another preset than that                               (validate, diff, push)
  --dry-run         says what would be done and changes nothing            (push)
  --replace         another catalogue may take the place of the published  (push)

Ends with 0 when all is well, 1 when something differs or is not valid, 2 when that could not be found out.`;

/**
 * What is asked for; null = help.
 * @param env tells which flags npm kept, as `npm_config_…`
 * @throws CommandError naming what there is instead of the unknown.
 */
export function readArguments(
  args: string[],
  env: Record<string, string | undefined> = {},
): Arguments | null {
  // Without "--" npm keeps the flags for itself: a dry run would be none.
  for (const flag of Object.keys(FLAGS)) {
    if (env[`npm_config_${flag.replace("-", "_")}`])
      throw new CommandError(
        2,
        `npm took --${flag} for its own: write "--" first, as in npm run catalogue -- push --${flag}`,
      );
  }
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [given, ...more] = positionals;
  const command = COMMANDS.find((name) => name === given);
  if (!command)
    throw refusal(
      given === undefined ? "Which command?" : `There is no command "${given}".`,
      `There are: ${COMMANDS.join(", ")}.`,
    );
  if (more.length > 0)
    throw refusal(`"${more.join(" ")}" is too much: a file is named by --file.`, listOf(command));
  for (const flag of Object.keys(values)) {
    if (!FLAGS_OF[command].some((known) => known === flag))
      throw refusal(`${command} has no flag --${flag}.`, listOf(command));
  }
  if (values.file !== undefined && values.catalogue !== undefined)
    throw refusal("--file and --catalogue both say which catalogue is meant: give one.", listOf(command));
  if (values.file === "") throw refusal("--file needs a path.", listOf(command));
  return {
    command,
    file: values.file ?? null,
    catalogue: values.catalogue ?? null,
    isDryRun: values["dry-run"] ?? false,
    mayReplace: values.replace ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const flags = Object.keys(FLAGS).map((flag) => `--${flag}`);
    // Node's first sentence names the flag; the others are about positional arguments.
    throw refusal(`${error.message.split(". ")[0]}.`, `There are: ${flags.join(", ")}.`);
  }
}

function listOf(command: Command): string {
  return `${command} takes ${FLAGS_OF[command].map((flag) => `--${flag}`).join(", ")}.`;
}

function refusal(what: string, list: string): CommandError {
  return new CommandError(2, `${what} ${list} More: npm run catalogue -- --help`);
}
