import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { DoorMessage, RedisState } from "./redis-door";

export type RedisDoor = {
  url: string;
  /** Resolves once it is so. */
  set(state: RedisState): Promise<void>;
  close(): void;
};

/** Starts redis-door.ts; it ends with `close`, or with this process. */
export async function openRedisDoor(): Promise<RedisDoor> {
  const child = fork(fileURLToPath(new URL("redis-door.ts", import.meta.url)));
  const heard = async (): Promise<DoorMessage> => (await once(child, "message"))[0];
  const ready = await heard();
  if (ready.kind !== "ready") throw new Error(`the door says ${ready.kind} first`);
  return {
    url: ready.url,
    async set(state) {
      const changed = heard();
      child.send(state);
      await changed;
    },
    close: () => child.disconnect(),
  };
}
