import {
  ClientSession,
  createRedisCommandExecutor,
  isResponseStream,
  RedisCommandError,
  RedisServerState,
  RedisValue,
} from "js-redis-server/core";

import { errorText } from "./reply-encoding";
import { createScriptFlags } from "./script-flags";

export type RedisEngine = {
  /** Never throws: what Redis refuses is a reply of kind "error". */
  run(command: string[]): Promise<RedisValue>;
  /** All or nothing, and nothing of other callers in between: one reply per command, or one error. */
  transact(commands: string[][]): Promise<RedisValue>;
  close(): void;
};

/** Commands that need a connection of the caller's own, which a REST call does not have. */
const NOT_OVER_REST = new Set([
  ...["multi", "exec", "discard", "watch", "unwatch"],
  ...["select", "auth", "hello", "quit", "reset", "client", "wait", "shutdown", "debug"],
  ...["monitor", "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe"],
  ...["blpop", "brpop", "blmove", "brpoplpush", "blmpop", "bzpopmin", "bzpopmax", "bzmpop"],
]);

/** A Redis inside this process, in memory, taking the commands that Upstash takes over REST. */
export function createRedisEngine(): RedisEngine {
  const server = new RedisServerState({ databaseCount: 1 });
  const executor = createRedisCommandExecutor();
  const shared = new ClientSession({ server, executor });
  const transactions = new ClientSession({ server, executor });
  const scripts = createScriptFlags();
  let lastTransaction: Promise<unknown> = Promise.resolve();

  async function send(session: ClientSession, command: string[]): Promise<RedisValue> {
    const [name = "", ...args] = scripts.translate(command);
    try {
      const result = await session.execute(
        Buffer.from(name),
        args.map((argument) => Buffer.from(argument)),
      );
      if (!isResponseStream(result)) return result.value;
      result.close();
      return notOverRest(name);
    } catch (error) {
      if (error instanceof RedisCommandError) return RedisValue.error(error.message, error.code);
      return RedisValue.error(error instanceof Error ? error.message : String(error), "ERR");
    }
  }

  async function transactAlone(commands: string[][]): Promise<RedisValue> {
    await send(transactions, ["MULTI"]);
    let firstError: string | null = null;
    for (const command of commands) {
      const queued = await send(transactions, command);
      if (queued.kind === "error") firstError ??= errorText(queued);
    }
    const replies = await send(transactions, ["EXEC"]);
    if (replies.kind === "array") {
      return RedisValue.array(
        replies.items.map((reply, index) => scripts.translateReply(commands[index] ?? [], reply)),
      );
    }
    return RedisValue.error(`Transaction discarded because of: ${firstError}`, "EXECABORT");
  }

  return {
    async run(command) {
      if (isRefused(command)) return notOverRest(command[0] ?? "");
      return scripts.translateReply(command, await send(shared, command));
    },
    transact(commands) {
      const refused = commands.find(isRefused);
      if (refused !== undefined) return Promise.resolve(notOverRest(refused[0] ?? ""));
      // One session queues all transactions, so they take turns.
      const transaction = lastTransaction.then(() => transactAlone(commands));
      lastTransaction = transaction;
      return transaction;
    },
    close: () => server.close(),
  };
}

function isRefused(command: string[]): boolean {
  return NOT_OVER_REST.has((command[0] ?? "").toLowerCase());
}

function notOverRest(name: string): RedisValue {
  return RedisValue.error(`Command is not available over REST: '${name}'`, "ERR");
}
