import { existsSync } from "node:fs";
import { AppError } from "@/lib/app-error";
import { CommandError } from "./command-error";
import { HELP, readArguments } from "./read-arguments";
import { runCommand } from "./run-command";

/** `npm run catalogue -- validate | diff | push | pull`. The exit codes are in the help. */
async function main(): Promise<0 | 1> {
  const args = readArguments(process.argv.slice(2), process.env);
  if (!args) {
    console.log(HELP);
    return 0;
  }
  if (existsSync(".env")) process.loadEnvFile(".env");
  return runCommand(args);
}

function sentencesOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (!(error instanceof AppError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { cause } = error.options;
  const reason = cause instanceof Error ? `\n(${cause.message})` : "";
  const wayOn =
    error.code === "not_configured"
      ? "Publish one: npm run catalogue -- push"
      : "What was done stays done: the same command again goes on from there.";
  return `${error.publicMessage}${reason}\n${wayOn}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(sentencesOf(error));
    process.exit(error instanceof CommandError ? error.exitCode : 2);
  },
);
