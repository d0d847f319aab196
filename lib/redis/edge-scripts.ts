import type { Redis } from "@upstash/redis";

/** Redis locks the keys that a script is given; without this Upstash locks everything, and plain Redis knows no such flag. */
const KEY_LOCKING = "#!lua flags=allow-key-locking\n";
/** How plain Redis says that it does not know it; before version 7 the whole line is an error. */
const REFUSES_FLAG = /^(?:ERR )?(?:Unexpected flag in script shebang|Error compiling script)/;

/** Runs a script over the keys it is given, and nothing else of Redis. */
export type KeyScript = (keys: string[], args: string[]) => Promise<unknown>;

/**
 * Writes what is newer than what is there, customer by customer; what a copy says and what is used up stay in step.
 * A refused write prolongs nothing, so what is wrongly held for the newest dies with its time to live. What somebody has
 * seen and found wrong, by a reading newer than it, gives way word for word whatever version it claims.
 * KEYS per customer: the record, what is used up. ARGV per customer: what was seen ('' = nothing), version, as of, time to
 * live of each (ms), record, what is used up. Answers how many were written.
 */
const WRITE_RECORDS = `
local written = 0
for i = 1, #KEYS / 2 do
  local record, empty = KEYS[2 * i - 1], KEYS[2 * i]
  local a = (i - 1) * 7
  local seen, version, at = ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local there = redis.call('GET', record)
  local its_version, its_at = string.match(there or '', '^(%d+) (%d+) ')
  its_version, its_at = tonumber(its_version), tonumber(its_at)
  if there == seen or not its_version or version > its_version or (version == its_version and at >= its_at) then
    redis.call('SET', record, ARGV[a + 2] .. ' ' .. ARGV[a + 3] .. ' ' .. ARGV[a + 6], 'PX', ARGV[a + 4])
    if ARGV[a + 7] == '' then
      redis.call('DEL', empty)
    else
      redis.call('SET', empty, ARGV[a + 7], 'PX', ARGV[a + 5])
    end
    written = written + 1
  end
end
return written`;

/** ARGV: what each key says, then for how long (ms). A key that was revoked stays so. */
const REMEMBER_KEYS = `
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) ~= 'revoked' then
    redis.call('SET', KEYS[i], ARGV[i], 'PX', ARGV[#ARGV])
  end
end
return #KEYS`;

/**
 * API key → customer → record, in one round trip. Which keys it reads is known only once it runs, so it cannot name
 * them and Upstash locks everything while it does: it is for whom this process does not know yet.
 */
const FIND = `
local key = redis.call('GET', KEYS[1])
local customer = string.match(key or '', '^(%S+) ')
if not customer then return { key } end
return { key, redis.call('GET', ARGV[1] .. customer), redis.call('GET', ARGV[2] .. customer) }`;

export type EdgeScripts = {
  writeRecords: KeyScript;
  rememberKeys: KeyScript;
  find(keys: [string], args: [string, string]): Promise<(string | null)[]>;
};

/** The scripts of edge-store.ts and edge-copies.ts. Which of the two kinds of Redis it is shows with the first call. */
export function openEdgeScripts(redis: Redis): EdgeScripts {
  let isPlain = false;

  function keyScript(text: string): KeyScript {
    const locking = redis.createScript<unknown>(KEY_LOCKING + text);
    const plain = redis.createScript<unknown>(text);
    return async (keys, args) => {
      if (isPlain) return plain.exec(keys, args);
      try {
        return await locking.exec(keys, args);
      } catch (error) {
        if (!(error instanceof Error && REFUSES_FLAG.test(error.message))) throw error;
        isPlain = true;
        return plain.exec(keys, args);
      }
    };
  }

  const find = redis.createScript<(string | null)[], true>(FIND, { readonly: true });
  return {
    writeRecords: keyScript(WRITE_RECORDS),
    rememberKeys: keyScript(REMEMBER_KEYS),
    find: (keys, args) => find.exec(keys, args),
  };
}
