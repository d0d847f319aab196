import type { Prisma } from "./generated/client";

/** Prisma's own codes for a database that cannot be reached, timed out or closed the connection. */
const PRISMA_CODES = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"]);
const ADAPTER_KINDS = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);

/** What pg and its pool say of a connection they could not get, lost, or waited on too long; these have no code. */
const PG_MESSAGES = new Set([
  "timeout exceeded when trying to connect",
  "Connection terminated due to connection timeout",
  "Connection terminated unexpectedly",
  "Query read timeout",
]);

/**
 * Whether an error means that Postgres is away rather than that a query is wrong: the caller is told to come
 * back. Covers connection exceptions (08), operator intervention such as a restart (57P), and a full server (53300).
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "PrismaClientInitializationError") return true;
  if (PG_MESSAGES.has(error.message)) return true;
  if (!isKnownRequestError(error)) return isUnavailableCode("code" in error ? String(error.code) : "");
  if (PRISMA_CODES.has(error.code)) return true;
  const meta = error.meta as
    | { driverAdapterError?: { cause?: { kind?: string; originalCode?: string } } }
    | undefined;
  const cause = meta?.driverAdapterError?.cause;
  return ADAPTER_KINDS.has(cause?.kind ?? "") || isUnavailableCode(cause?.originalCode ?? "");
}

/** Postgres' own codes, and those of a socket. */
function isUnavailableCode(code: string): boolean {
  return /^(08|57P|53300|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code);
}

/** By name: Next bundles the client more than once, so its classes are not one. */
function isKnownRequestError(error: Error): error is Prisma.PrismaClientKnownRequestError {
  return error.name === "PrismaClientKnownRequestError" && "code" in error;
}
