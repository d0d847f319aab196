import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { driftsAreRepaired } from "./drifts";
import { factsStay, replayEqualsBalance, windowsTile } from "./histories";
import type { Proof } from "./proof";
import { redisTroubleCostsNothing } from "./redis-trouble";
import { killsLoseNothing, noDoubleSpend, pairsConserve, restartsLoseNothing } from "./spends";

const PROOFS: Proof[] = [
  noDoubleSpend,
  pairsConserve,
  killsLoseNothing,
  restartsLoseNothing,
  redisTroubleCostsNothing,
  driftsAreRepaired,
  replayEqualsBalance,
  factsStay,
  windowsTile,
];
const RESULTS = ".local/proof/results.json";
/** What the figures are about: with any change of it they are measured anew. */
const PROVED = [
  "prisma/migrations",
  "lib/db",
  "lib/services/usage",
  "lib/services/credits",
  "lib/services/reconciliation",
  "lib/services/edge",
  "lib/redis",
  "lib/domain",
];
const MOST_MINUTES = 60;

type Result = { figure: string; seed: number; seconds: number; code: string };

/**
 * `npm run proof [-- R3 R4 …] [--seed=…] [--fresh]`: each row prints its figure, or what broke. A row that is finished for
 * this code is not run again, unless a seed is named or all is asked for anew.
 */
async function main(): Promise<void> {
  const ids = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const seedArgument = process.argv
    .find((argument) => argument.startsWith("--seed="))
    ?.slice("--seed=".length);
  const isFresh = process.argv.includes("--fresh") || seedArgument !== undefined;
  const unknown = ids.filter((id) => !PROOFS.some((proof) => proof.id === id));
  if (unknown.length > 0)
    throw new Error(
      `There is no ${unknown.join(", ")}. There are: ${PROOFS.map(({ id }) => id).join(", ")}.`,
    );
  const code = hashOfCode();
  for (const proof of PROOFS.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    const known = readResults()[proof.id];
    if (known?.code === code && !isFresh) {
      print(proof, `${known.figure} (seed ${known.seed}, ${known.seconds} s, before)`);
      continue;
    }
    const seed = seedArgument === undefined ? Math.floor(Math.random() * 1_000_000) : Number(seedArgument);
    const startedAt = performance.now();
    const secondsSince = () => Math.round((performance.now() - startedAt) / 1_000);
    console.error(`${proof.id}  ${proof.promise}: begins, seed ${seed}`);
    try {
      const note = (text: string) => console.error(`${proof.id}  ${secondsSince()} s: ${text}`);
      const figure = await within(MOST_MINUTES, proof.run({ seed, note }));
      const result = { figure, seed, seconds: secondsSince(), code };
      print(proof, `${figure} (seed ${seed}, ${result.seconds} s)`);
      writeResults({ ...readResults(), [proof.id]: result });
    } catch (error) {
      print(proof, `BROKEN with seed ${seed}: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
}

async function within<Value>(minutes: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not through after ${minutes} minutes`)), minutes * 60_000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function print({ id }: Proof, text: string): void {
  console.log(`${id.padEnd(4)} ${text}`);
}

function readResults(): Record<string, Result> {
  return existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : {};
}

function writeResults(results: Record<string, Result>): void {
  mkdirSync(path.dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

function hashOfCode(): string {
  const hash = createHash("sha256");
  for (const folder of PROVED) {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    for (const file of files.filter(
      (name) => /\.(sql|ts)$/.test(name) && !/\.test\.ts$|^generated/.test(name),
    ))
      hash.update(readFileSync(path.join(folder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
