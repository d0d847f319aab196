import type { RedisValue } from "js-redis-server/core";

export type JsonReply = string | number | null | JsonReply[];

/**
 * A reply as Upstash writes it into `{"result": …}`, in the shapes of RESP 2. With `base64` (the
 * header `Upstash-Encoding: base64`) every string is encoded but the status "OK", because values
 * may hold bytes that JSON cannot.
 */
export function encodeReply(reply: RedisValue, base64: boolean): JsonReply {
  const text = (value: string) => (base64 ? Buffer.from(value).toString("base64") : value);
  const list = (items: RedisValue[]) => items.map((item) => encodeReply(item, base64));
  switch (reply.kind) {
    case "simple-string":
      return reply.value === "OK" ? "OK" : text(reply.value);
    case "bulk-string":
      return reply.value === null ? null : reply.value.toString(base64 ? "base64" : "utf8");
    case "verbatim":
      return reply.value.toString(base64 ? "base64" : "utf8");
    case "integer":
      return Number(reply.value);
    case "double":
      return text(doubleText(reply.value));
    case "big-number":
      return text(reply.value.toString());
    case "boolean":
      return reply.value ? 1 : 0;
    case "array":
    case "set":
      return list(reply.items);
    case "push":
      return [text(reply.name), ...list(reply.items)];
    case "map":
    case "flat-pairs":
      return list(reply.entries.flat());
    case "map-pairs":
      return reply.entries.map(list);
    case "null":
    case "null-array":
      return null;
    case "error":
      return text(errorText(reply));
  }
}

/** An error as a client reads it: the code first, e.g. "WRONGTYPE Operation against a key …". */
export function errorText(error: { message: string; code?: string }): string {
  return error.code === undefined ? error.message : `${error.code} ${error.message}`;
}

function doubleText(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}
