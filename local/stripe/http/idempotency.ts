import { createHash } from "node:crypto";
import { openClock } from "@/local/stripe/clock";
import { queryRows, runSql, type Store } from "@/local/stripe/store/store";
import { invalidRequest, StripeApiError } from "./stripe-api-error";

/** Keys may be pruned after a day, which is one of business time: a leap of a month leaves none behind. https://docs.stripe.com/api/idempotent_requests */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

export type StoredAnswer = { requestId: string; status: number; body: string };

/** Identifies what a key was first used for. */
export function fingerprintOf(path: string, body: string): string {
  return `${path} ${createHash("sha256").update(body).digest("hex")}`;
}

/**
 * The answer already given under this key, or null when the key is new.
 * @throws StripeApiError 400 when the key was used for another endpoint or other parameters.
 */
export function findStoredAnswer(store: Store, key: string, fingerprint: string): StoredAnswer | null {
  if (key.length > 255) throw invalidRequest("Idempotency keys can be up to 255 characters long.");
  const sql = `select fingerprint, request_id, status, body from idempotency_keys
    where key = ? and saved_at_ms > ?`;
  type Row = { fingerprint: string; request_id: string; status: number; body: string };
  const [row] = queryRows<Row>(store, sql, key, openClock(store).nowMs() - KEPT_FOR_MS);
  if (!row) return null;
  if (row.fingerprint !== fingerprint) throw differentRequest(key, row.fingerprint, fingerprint);
  return { requestId: row.request_id, status: row.status, body: row.body };
}

/** Keeps an answer, errors included, so that a retry gets the same one. */
export function storeAnswer(store: Store, key: string, fingerprint: string, answer: StoredAnswer): void {
  const sql = `insert or replace into idempotency_keys (key, fingerprint, request_id, status, body, saved_at_ms)
    values (?, ?, ?, ?, ?, ?)`;
  runSql(
    store,
    sql,
    key,
    fingerprint,
    answer.requestId,
    answer.status,
    answer.body,
    openClock(store).nowMs(),
  );
}

/** Forgets answers nobody can ask for any more. */
export function pruneStoredAnswers(store: Store): void {
  runSql(
    store,
    "delete from idempotency_keys where saved_at_ms <= ?",
    openClock(store).nowMs() - KEPT_FOR_MS,
  );
}

/** A second request came before the first was answered. */
export function keyInUse(key: string): StripeApiError {
  const message =
    "There is currently another in-progress request using this Idempotency Key (that probably means you " +
    `submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  return new StripeApiError(
    409,
    { type: "invalid_request_error", code: "idempotency_key_in_use", message },
    { "Stripe-Should-Retry": "true" },
  );
}

function differentRequest(key: string, first: string, now: string): StripeApiError {
  const [firstPath, nowPath] = [first.split(" ")[0], now.split(" ")[0]];
  const rule =
    firstPath === nowPath
      ? "the same parameters they were first used with"
      : `the same endpoint they were first used for ('${nowPath}' vs '${firstPath}')`;
  return new StripeApiError(400, {
    type: "idempotency_error",
    message:
      `Keys for idempotent requests can only be used ${firstPath === nowPath ? "with" : "for"} ${rule}. ` +
      `Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}
