import type { Answer } from "@/local/stripe/http/answer";
import { findTestCard } from "@/local/stripe/payment-methods/test-cards";
import { queryRows, type Store } from "@/local/stripe/store/store";

/** One recorded call. Ids that earlier calls made stand as `{{name}}`. */
export type ScenarioLine = {
  /** Business time in unix seconds. */
  at: number;
  method: string;
  path: string;
  body: string;
  idempotency_key: string | null;
  publishable: boolean;
  status: number;
  /** The ids the answer was the first to show: where they stand in it, by name. */
  makes: Record<string, (string | number)[]>;
  /** The ids of objects that were made without being shown, as pages and the passing of time make them: by name, its place among all objects. */
  leaves?: Record<string, number>;
};

/** The first line of a scenario: when it begins, and the seed of the ids if there was one. */
export type ScenarioHead = { scenario: 1; starts_at: number; seed: string | null };

export type Recorder = { recording: Recording | null };

type Recording = {
  head: ScenarioHead;
  lines: ScenarioLine[];
  nameById: Map<string, string>;
  counts: Map<string, number>;
  /** How many of the objects there are have been looked at. */
  seen: number;
};

export function createRecorder(): Recorder {
  return { recording: null };
}

export function startRecording(recorder: Recorder, head: ScenarioHead): void {
  recorder.recording = { head, lines: [], nameById: new Map(), counts: new Map(), seen: 0 };
}

/** What was recorded, as JSON lines. */
export function scenarioOf({ head, lines }: Recording): string {
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Adds a call to the recording, if there is one. @param answer its body, as JSON */
export function recordCall(
  { recorder, store }: { recorder: Recorder; store: Store },
  call: Omit<ScenarioLine, "makes" | "leaves">,
  answer: string | Buffer,
): void {
  const { recording } = recorder;
  if (!recording) return;
  const made = unnamedObjects(recording, store);
  const leaves: Record<string, number> = {};
  const leave = (objects: typeof made) => {
    for (const [id, place] of objects) {
      if (!recording.nameById.has(id)) leaves[nameFor(recording, id)] = place;
    }
  };
  // What was made meanwhile, as by a jump that goes on, may be what this call is about.
  leave(made.filter(([id]) => `${call.path} ${call.body}`.includes(id)));
  const line = {
    ...call,
    path: withNames(recording, call.path),
    body: withoutRealCards(withNames(recording, call.body)),
  };
  const makes: ScenarioLine["makes"] = {};
  for (const [id, place] of idsIn(JSON.parse(String(answer)), [])) {
    if (recording.nameById.has(id)) continue;
    makes[nameFor(recording, id)] = place;
  }
  leave(made);
  recording.lines.push({ ...line, makes, ...(Object.keys(leaves).length > 0 ? { leaves } : {}) });
}

/** The ids there are, in the order in which they were made; events and endpoints belong to no scenario. */
export function idsMade(store: Store, from: number): string[] {
  const sql =
    "select id from objects where type not in ('event', 'webhook_endpoint') order by seq limit -1 offset ?";
  return queryRows<{ id: string }>(store, sql, from).map(({ id }) => id);
}

/** What there is since the last call, each with its place among all objects. */
function unnamedObjects(recording: Recording, store: Store): [id: string, place: number][] {
  const ids = idsMade(store, recording.seen);
  const first = recording.seen;
  recording.seen += ids.length;
  return ids
    .map((id, index): [string, number] => [id, first + index])
    .filter(([id]) => id.match(ID)?.[0] === id && !recording.nameById.has(id));
}

/** The ids a page shows or leads to, in order: what stands for its answer where calls of the API have JSON. */
export function idsOnPage({ headers, body }: Answer): { ids: string[] } {
  const text = `${headers.Location ?? ""} ${typeof body === "string" ? body : ""}`;
  return { ids: [...new Set(text.match(ID))] };
}

const ID = /[a-z]+(?:_test)?_(?=\w*[0-9A-Z])\w{8,}/g;

/** An id may be the end of a field's name, as in "quantity_li_…". */
function withNames({ nameById }: Recording, text: string): string {
  return text.replaceAll(ID, (token) => {
    for (let start = 0; ; start = token.indexOf("_", start) + 1) {
      const name = nameById.get(token.slice(start));
      if (name !== undefined) return `${token.slice(0, start)}{{${name}}}`;
      if (!token.includes("_", start)) return token;
    }
  });
}

/** Twelve to nineteen digits as forms have them, with spaces or without. */
const CARD_NUMBER = /\d(?:(?:[ +-]|%20)?\d){11,18}/g;

/** The published test cards are everybody's; no other number is kept. */
function withoutRealCards(body: string): string {
  return body.replaceAll(CARD_NUMBER, (number) =>
    findTestCard(number.replaceAll(/%20|\D/g, "")) ? number : "(left out)",
  );
}

function* idsIn(value: unknown, place: (string | number)[]): Iterable<[string, (string | number)[]]> {
  if (typeof value === "string") {
    if (value.match(ID)?.[0] === value) yield [value, place];
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* idsIn(item, [...place, index]);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* idsIn(item, [...place, key]);
  }
}

/** Names an id from now on "cus_1", "in_12": its prefix, counted. */
function nameFor({ counts, nameById }: Recording, id: string): string {
  const prefix = id.slice(0, id.indexOf("_"));
  const count = (counts.get(prefix) ?? 0) + 1;
  counts.set(prefix, count);
  const name = `${prefix}_${count}`;
  nameById.set(id, name);
  return name;
}
