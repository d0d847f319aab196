import { createHash } from "node:crypto";

import { RedisValue } from "js-redis-server/core";

export type ScriptFlags = {
  /** The command as plain Redis understands it. */
  translate(command: string[]): string[];
  /** The reply as the caller of the untranslated command expects it. */
  translateReply(command: string[], reply: RedisValue): RedisValue;
};

/**
 * Upstash knows a Lua flag, `allow-key-locking`, that plain Redis rejects, and
 * `@upstash/ratelimit` begins every script with it. The flag is taken off before the script runs.
 * Callers address scripts by the SHA-1 of the text they wrote, so both digests are kept.
 */
export function createScriptFlags(): ScriptFlags {
  const plainDigestOf = new Map<string, string>();

  function plainScript(script: string): string {
    const plain = withoutKeyLocking(script);
    if (plain !== script) plainDigestOf.set(digest(script), digest(plain));
    return plain;
  }

  return {
    translate(command) {
      const [name = "", first = "", second = ""] = command;
      switch (name.toLowerCase()) {
        case "eval":
        case "eval_ro":
          return [name, plainScript(first), ...command.slice(2)];
        case "evalsha":
        case "evalsha_ro":
          return [name, plainDigestOf.get(first.toLowerCase()) ?? first, ...command.slice(2)];
        case "script":
          if (first.toLowerCase() === "load") return [name, first, plainScript(second)];
          if (first.toLowerCase() === "exists") {
            return [
              name,
              first,
              ...command.slice(2).map((sha) => plainDigestOf.get(sha.toLowerCase()) ?? sha),
            ];
          }
          return command;
        default:
          return command;
      }
    },
    translateReply(command, reply) {
      const [name = "", verb = "", script] = command;
      const isLoad = name.toLowerCase() === "script" && verb.toLowerCase() === "load" && script !== undefined;
      return isLoad && reply.kind !== "error" ? RedisValue.bulkString(Buffer.from(digest(script))) : reply;
    },
  };
}

/** Takes `allow-key-locking` off a script's first line, and the line itself if no other flag is left. */
export function withoutKeyLocking(script: string): string {
  const header = /^#!lua\s+flags=([^\n]*)\n/.exec(script);
  if (header?.[1] === undefined) return script;
  const flags = header[1].split(",").map((flag) => flag.trim());
  if (!flags.includes("allow-key-locking")) return script;
  const kept = flags.filter((flag) => flag !== "allow-key-locking");
  // A line stays a line, so that Lua's error messages count as the author does.
  return (kept.length > 0 ? `#!lua flags=${kept.join(",")}\n` : "\n") + script.slice(header[0].length);
}

function digest(script: string): string {
  return createHash("sha1").update(script).digest("hex");
}
