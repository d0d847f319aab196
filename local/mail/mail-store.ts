import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { addressOf, type Mail, type MailDraft, recipientsOf } from "./mail";

/** What was answered under an idempotency key, and to which request. */
export type SentUnderKey = { key: string; fingerprint: string; ids: string[]; sentAt: number };

export type MailStore = {
  /** Keeps the mails, all or none, and under which key they were sent. */
  add(drafts: MailDraft[], sentUnder: { key: string; fingerprint: string } | null): Mail[];
  find(id: string): Mail | null;
  /** Newest first; with `to`, only what reached that address. */
  list(to: string | null): Mail[];
  findSentUnderKey(key: string): SentUnderKey | null;
  remove(to: string | null): number;
};

/** Older mails are forgotten. */
const MAX_MAILS = 1000;

/** Resend forgets an idempotency key after 24 hours. */
const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000;

type Line = { mail: Mail } | { key: SentUnderKey };

/**
 * Keeps mails in memory and, unless `dataDir` is null, in a file of one JSON object per line, so
 * that they outlive a restart. Each mail is written before the sender gets its answer.
 */
export function openMailStore(dataDir: string | null): MailStore {
  const file = dataDir === null ? null : join(dataDir, "mails.jsonl");
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true });
  let mails: Mail[] = [];
  const keys = new Map<string, SentUnderKey>();
  let linesInFile = 0;

  for (const line of file === null ? [] : readLines(file)) {
    if ("mail" in line) mails.push(line.mail);
    else keys.set(line.key.key, line.key);
  }
  rewrite();

  function append(lines: Line[]): void {
    if (file === null) return;
    appendFileSync(file, toText(lines));
    linesInFile += lines.length;
    if (linesInFile > 4 * MAX_MAILS) rewrite();
  }

  /** Drops from the file what memory has dropped. */
  function rewrite(): void {
    mails = mails.slice(-MAX_MAILS);
    for (const sent of keys.values()) if (isForgotten(sent)) keys.delete(sent.key);
    if (file === null) return;
    const lines: Line[] = [...mails.map((mail) => ({ mail })), ...[...keys.values()].map((key) => ({ key }))];
    writeFileSync(`${file}.new`, toText(lines));
    renameSync(`${file}.new`, file);
    linesInFile = lines.length;
  }

  return {
    add(drafts, sentUnder) {
      const added = drafts.map((draft) => ({
        id: randomUUID(),
        created_at: new Date().toISOString(),
        ...draft,
      }));
      const lines: Line[] = added.map((mail) => ({ mail }));
      if (sentUnder !== null) {
        const sent = { ...sentUnder, ids: added.map((mail) => mail.id), sentAt: Date.now() };
        keys.set(sent.key, sent);
        lines.push({ key: sent });
      }
      append(lines);
      mails.push(...added);
      if (mails.length > MAX_MAILS) mails = mails.slice(-MAX_MAILS);
      return added;
    },
    find: (id) => mails.find((mail) => mail.id === id) ?? null,
    list: (to) => mails.filter((mail) => isTo(mail, to)).reverse(),
    findSentUnderKey(key) {
      const sent = keys.get(key);
      return sent === undefined || isForgotten(sent) ? null : sent;
    },
    remove(to) {
      const before = mails.length;
      mails = mails.filter((mail) => !isTo(mail, to));
      rewrite();
      return before - mails.length;
    },
  };
}

function isTo(mail: Mail, to: string | null): boolean {
  return to === null || recipientsOf(mail).includes(addressOf(to));
}

function isForgotten(sent: SentUnderKey): boolean {
  return Date.now() - sent.sentAt >= KEY_LIFETIME_MS;
}

function toText(lines: Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function readLines(file: string): Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        // The cast holds: only this file writes lines, and a line cut off by a crash is no JSON.
        return text === "" ? [] : [JSON.parse(text) as Line];
      } catch {
        return [];
      }
    });
}
