import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { isHostedPage } from "@/local/stripe/http/hosted-pages";
import { invalidRequest, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { queryRows } from "@/local/stripe/store/store";
import { moveClock, startClockAt } from "@/local/stripe/time/move-clock";
import type { Lab } from "./lab";
import { callLab, readJsonForm } from "./lab-api";
import { idsMade, idsOnPage, type ScenarioHead, type ScenarioLine } from "./recorder";

export type Replay = {
  replayed: number;
  /** The ids that were made, by their names in the scenario. */
  ids: Record<string, string>;
  /** Calls that were answered otherwise than when they were recorded, by their lines. */
  differences: { line: number; expected: number; given: number }[];
};

/**
 * Makes the calls of a scenario again, each at its time, on a store that holds nothing yet.
 * @throws StripeApiError 400 when the scenario cannot be read or there is something; then nothing has changed.
 */
export async function replayScenario(lab: Lab, text: string, resets: boolean): Promise<Replay> {
  const { head, lines } = readScenario(text);
  if (resets) lab.reset(head.seed);
  else assertEmpty(lab);
  startClockAt(lab.store, head.starts_at);
  const replay: Replay = { replayed: 0, ids: {}, differences: [] };
  for (const [index, line] of lines.entries()) {
    if (lab.clock.now() < line.at) moveClock(lab.store, lab.clock, lab.baseUrl, { to: line.at });
    learnObjects(lab, line, replay.ids);
    const { status, body } = await callAgain(lab, line, replay.ids);
    if (status !== line.status) {
      replay.differences.push({ line: index + 2, expected: line.status, given: status });
    }
    for (const [name, place] of Object.entries(line.makes)) {
      const id = valueAt(body, place);
      if (typeof id === "string") replay.ids[name] = id;
    }
    learnObjects(lab, line, replay.ids);
    replay.replayed += 1;
  }
  return replay;
}

function readScenario(text: string): { head: ScenarioHead; lines: ScenarioLine[] } {
  const [head, ...lines] = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(readLine);
  if (!isHead(head)) throw unreadable(1, "it does not say that this is a scenario");
  // Every line was read as one of ours.
  return { head, lines: lines.map((line, index) => asLine(line, index + 2)) };
}

function readLine(line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(index + 1, "it is not JSON");
  }
}

function isHead(value: unknown): value is ScenarioHead {
  return (
    typeof value === "object" &&
    value !== null &&
    "scenario" in value &&
    value.scenario === 1 &&
    "starts_at" in value &&
    Number.isInteger(value.starts_at)
  );
}

function asLine(value: unknown, number: number): ScenarioLine {
  const isCall =
    typeof value === "object" &&
    value !== null &&
    ["at", "method", "path", "body", "status", "makes"].every((name) => name in value) &&
    "path" in value &&
    (/^\/(v1|lab)\//.test(String(value.path)) || isHostedPage(String(value.path)));
  if (!isCall) throw unreadable(number, "it is no recorded call");
  // The fields were looked for just now.
  return value as ScenarioLine;
}

function unreadable(line: number, why: string): StripeApiError {
  return invalidRequest(`Line ${line} of the scenario cannot be read: ${why}.`, { param: "scenario" });
}

function assertEmpty(lab: Lab): void {
  const sql = "select type from objects where type not in ('event', 'webhook_endpoint') limit 1";
  const [first] = queryRows<{ type: string }>(lab.store, sql);
  if (!first) return;
  throw invalidRequest(
    `A scenario is replayed where nothing is yet, and there is a ${first.type}. Give \`reset\` to forget everything first.`,
    { param: "reset" },
  );
}

/** Those that are there already: a call may be about what was made meanwhile, or make it. */
function learnObjects(lab: Lab, { leaves = {} }: ScenarioLine, ids: Record<string, string>): void {
  for (const [name, place] of Object.entries(leaves)) {
    const [id] = idsMade(lab.store, place);
    if (id !== undefined) ids[name] = id;
  }
}

async function callAgain(
  lab: Lab,
  line: ScenarioLine,
  ids: Record<string, string>,
): Promise<{ status: number; body: unknown }> {
  const fill = (text: string): string =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => ids[name] ?? whole);
  const url = new URL(fill(line.path), "http://local");
  const body = fill(line.body);
  if (url.pathname.startsWith("/lab/")) return callLabAgain(lab, line.method, url, body);
  if (isHostedPage(url.pathname)) {
    const answer = await lab.openPage({ method: line.method, url, body });
    return { status: answer.status, body: idsOnPage(answer) };
  }
  const key = line.publishable ? LOCAL_CREDENTIALS.stripePublishableKey : LOCAL_CREDENTIALS.stripeSecretKey;
  const answer = await lab.callApi({
    method: line.method,
    url,
    body,
    authorization: `Bearer ${key}`,
    idempotencyKey: line.idempotency_key ?? undefined,
    stripeVersion: undefined,
  });
  return { status: answer.status, body: JSON.parse(String(answer.body)) };
}

async function callLabAgain(
  lab: Lab,
  method: string,
  url: URL,
  body: string,
): Promise<{ status: number; body: unknown }> {
  try {
    const { answer } = await callLab(lab, method, url.pathname, readJsonForm(body));
    return { status: 200, body: answer };
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return { status: error.status, body: { error: error.body } };
  }
}

function valueAt(body: unknown, place: readonly (string | number)[]): unknown {
  return place.reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) return undefined;
    return new Map(Object.entries(value)).get(String(key));
  }, body);
}
