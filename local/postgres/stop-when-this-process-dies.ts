import { spawn } from "node:child_process";

import type { PostgresAccount } from "./postgres-account";

/**
 * Ends the Postgres `pid` when this process dies, even by kill -9. A shell waits on a pipe that the
 * kernel closes with this process, then asks Postgres for a fast shutdown. It runs in a session of
 * its own, so a Ctrl-C does not end it before its time. Windows has no such shell: there the next
 * start finds what was left behind.
 */
export function stopWhenThisProcessDies(
  pid: number,
  account: PostgresAccount,
  exited: Promise<unknown>,
): void {
  if (process.platform === "win32") return;
  const watchdog = spawn("/bin/sh", ["-c", 'read -r _; kill -INT "$0"', String(pid)], {
    ...account,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  // Without the watchdog Postgres still runs, and the next start stops an orphan by its pid file.
  watchdog.once("error", () => {});
  watchdog.unref();
  void exited.then(() => watchdog.kill("SIGKILL"));
}
