import { type EdgeUsage, parseEdgeUsage } from "@/lib/domain/edge-usage";
import type { EdgeCopy } from "@/lib/redis/edge-copies";
import type { EdgeDrift } from "@/lib/services/reconciliation/find-drifts";
import type { ReadEdgeUsage } from "./read-edge-usages";

type Reading = Extract<ReadEdgeUsage, { outcome: "read" }>;
export type EdgeComparison = {
  /** What no commit since can explain. */
  drifts: EdgeDrift[];
  /** Whether the copy says something else than Postgres by now, for whatever reason. */
  isBehind: boolean;
};

type Found = Omit<EdgeDrift, "kind" | "customerId">;

/**
 * Holds a copy against a later reading of Postgres as of the same moment of business time.
 *
 * Nearly every copy is older than the reading, because its version counts everybody's commits. Being behind is no drift:
 * who changed something tells of it a moment later, and news that was lost ends with the copy. What is a drift is what no
 * commit in between explains, and that the parts of a copy say by versions of their own: the counters', the facts', the
 * catalogue's, the last ledger entry. The same version and another number, or a version that Postgres has not reached
 * yet, is a drift. What is held of the credits has no version; it is a drift if nothing at all was committed since.
 */
export function findEdgeDrifts(copy: EdgeCopy, truth: Reading): EdgeComparison {
  const { customerId } = copy;
  const usage = copy.record && parseEdgeUsage(copy.record.text);
  if (!copy.record || !usage || copy.record.asOf !== usage.asOf) {
    // Written by another version of the app it is no drift, and replaced all the same.
    const drifts = copy.record && !usage && isJson(copy.record.text) ? [] : [unreadable(customerId, truth)];
    return { drifts, isBehind: true };
  }
  const { version } = copy.record;
  if (version > truth.version) {
    const drift: EdgeDrift = {
      kind: "edge",
      customerId,
      field: "version",
      stored: version,
      truth: truth.version,
    };
    return { drifts: [drift], isBehind: true };
  }
  const isExact = version === truth.version;
  const found = [
    ...compareSources(usage, truth.usage),
    ...compareEntitlements(usage, truth.usage, isExact),
    ...compareWindows(usage, truth.usage, isExact),
    ...compareCredits(usage, truth.usage, isExact),
  ];
  const isSame = JSON.stringify(usage) === JSON.stringify(truth.usage);
  if (found.length === 0 && isSame && copy.exhausted && copy.exhausted.join() !== truth.exhausted.join())
    found.push({ field: "exhausted", stored: copy.exhausted.length, truth: truth.exhausted.length });
  return {
    drifts: found.map((one) => ({ kind: "edge", customerId, ...one })),
    isBehind: !isSame || found.length > 0,
  };
}

function unreadable(customerId: string, { version }: Reading): EdgeDrift {
  return { kind: "edge", customerId, field: "text", stored: null, truth: version };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A copy cannot have been read from what is not there yet. */
function compareSources({ readFrom: copy }: EdgeUsage, { readFrom: truth }: EdgeUsage): Found[] {
  return (["facts", "entries", "catalogue"] as const)
    .filter((field) => copy[field] > truth[field])
    .map((field) => ({ field, stored: copy[field], truth: truth[field] }));
}

/** Plan, access, features and limits follow from facts and catalogue alone. */
function compareEntitlements(copy: EdgeUsage, truth: EdgeUsage, isExact: boolean): Found[] {
  const isCurrent = hasSameFacts(copy, truth);
  if (!(isExact || isCurrent) || JSON.stringify(entitled(copy)) === JSON.stringify(entitled(truth)))
    return [];
  return [{ field: "entitlements", stored: copy.readFrom.facts, truth: truth.readFrom.facts }];
}

function hasSameFacts({ readFrom: copy }: EdgeUsage, { readFrom: truth }: EdgeUsage): boolean {
  return copy.facts === truth.facts && copy.catalogue === truth.catalogue;
}

function entitled({ access, plan, features, hasApiAccess, meters }: EdgeUsage) {
  const limits = meters.map(({ meter, unit, windows }) => [
    meter,
    unit,
    windows.map(({ window, limit }) => [window, limit]),
  ]);
  return [access, plan, Object.entries(features).sort(), hasApiAccess, limits];
}

type Window = EdgeUsage["meters"][number]["windows"][number];

function compareWindows(copy: EdgeUsage, truth: EdgeUsage, isExact: boolean): Found[] {
  // Other facts have other windows.
  if (!isExact && !hasSameFacts(copy, truth)) return [];
  const found: Found[] = copy.meters.flatMap(({ meter, windows }) =>
    windows.flatMap((own) => {
      const now = truth.meters
        .find((other) => other.meter === meter)
        ?.windows.find(({ window }) => window === own.window);
      const where = { meter, window: own.window, start: new Date(own.start) };
      return now ? compareWindow(own, now, isExact).map((one) => ({ ...one, ...where })) : [];
    }),
  );
  // It ends with the first window, or when the facts say.
  if (found.length === 0 && hasSameEnds(copy, truth) && copy.validUntil !== truth.validUntil)
    found.push({ field: "valid_until", stored: copy.validUntil, truth: truth.validUntil });
  return found;
}

function hasSameEnds(copy: EdgeUsage, truth: EdgeUsage): boolean {
  const ends = ({ meters }: EdgeUsage) => meters.flatMap(({ windows }) => windows.map(({ end }) => end));
  return ends(copy).join() === ends(truth).join();
}

function compareWindow(copy: Window, truth: Window, isExact: boolean): Found[] {
  const fields = ["start", "end", "used", "held", "beyond", "version"] as const;
  const differences = (of: (typeof fields)[number][]) =>
    of
      .filter((field) => copy[field] !== truth[field])
      .map((field) => ({ field, stored: copy[field], truth: truth[field] }));
  if (isExact) return differences([...fields]);
  if (copy.start !== truth.start) {
    // Whatever was counted since began a later window, or moved where none was.
    const isExplained = truth.version > 0 && (copy.start < truth.start || copy.version === 0);
    return isExplained ? [] : differences(["start"]);
  }
  if (copy.version > truth.version) return differences(["version"]);
  return copy.version === truth.version ? differences(["end", "used", "held", "beyond"]) : [];
}

/** What has expired depends on what is held, so with another hold it may be another balance. */
function compareCredits(copy: EdgeUsage, truth: EdgeUsage, isExact: boolean): Found[] {
  const found: Found[] = [];
  const isHeldSame = copy.credits.held === truth.credits.held;
  if (isExact && !isHeldSame)
    found.push({ field: "credits_held", stored: copy.credits.held, truth: truth.credits.held });
  const isCurrent = isExact || (isHeldSame && copy.readFrom.entries === truth.readFrom.entries);
  if (isCurrent && copy.credits.balance !== truth.credits.balance)
    found.push({ field: "balance", stored: copy.credits.balance, truth: truth.credits.balance });
  return found;
}
