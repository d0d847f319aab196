import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BenchOptions } from "./bench-options";
import { type Figures, median, medianRatio } from "./metering/measure-in-turns";

/** One figure, held against another of the same run. */
export type Row = {
  id: string;
  what: string;
  ours: string;
  theirs: string;
  ratio: number;
  /** Null = nothing is asked of it. */
  pass: string | null;
  isPassed: boolean | null;
  /** What the other side does not do. */
  remark?: string;
};

/** How many times as much ours does in a second. @param atLeast null asks nothing. */
export function faster(
  id: string,
  what: string,
  {
    ours,
    theirs,
    atLeast,
    remark,
  }: { ours: Figures; theirs: Figures; atLeast: number | null; remark?: string },
): Row {
  const ratio = medianRatio(ours.perSecond, theirs.perSecond);
  return {
    id,
    what,
    ours: `${median(ours.perSecond).toFixed(0)}/s`,
    theirs: `${median(theirs.perSecond).toFixed(0)}/s`,
    ratio,
    pass: atLeast === null ? null : `≥ ${atLeast}×`,
    isPassed: atLeast === null ? null : ratio >= atLeast,
    ...(remark === undefined ? {} : { remark }),
  };
}

/** How many times as long ours takes, call by call. */
export function quicker(
  id: string,
  what: string,
  { ours, theirs, atMost }: { ours: Figures; theirs: Figures; atMost: number },
): Row {
  const ratio = medianRatio(ours.medianMs, theirs.medianMs);
  return {
    id,
    what,
    ours: `${median(ours.medianMs).toFixed(2)} ms`,
    theirs: `${median(theirs.medianMs).toFixed(2)} ms`,
    ratio,
    pass: `≤ ${atMost}×`,
    isPassed: ratio <= atMost,
  };
}

export function printRow({ id, what, ours, theirs, ratio, pass, isPassed, remark }: Row): void {
  const judgement = pass === null ? "" : ` (pass ${pass}) ${isPassed ? "✓" : "✗"}`;
  console.log(`  ${id.padEnd(4)} ${what}: ${ours} against ${theirs}, ${ratio.toFixed(2)}×${judgement}`);
  if (remark) console.log(`       ${remark}`);
}

/** Keeps what was measured, as `.local/bench/<name>.json`. */
export function keepReport(name: string, { isShort }: BenchOptions, report: object): void {
  const file = path.join(".local", "bench", isShort ? `${name}.short.json` : `${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ at: new Date(), ...report }, null, 2)}\n`);
}
