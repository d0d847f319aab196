import { spawn } from "node:child_process";

/**
 * Ends `target`, a process or a group (negative, as for kill), when this process dies, even by
 * kill -9. A shell waits on a pipe that the kernel closes with this process, then sends SIGINT,
 * which is Postgres' fast shutdown and everybody else's Ctrl-C. It runs in a session of its own, so
 * a Ctrl-C in the terminal does not end it before its time. Windows has no such shell: there the
 * next start finds what was left behind.
 *
 * @param account who may signal the target; null = the account of this process
 * @param ended resolves when the target has gone
 */
export function stopWhenThisProcessDies(
  target: number,
  account: { uid: number; gid: number } | null,
  ended: Promise<unknown>,
): void {
  if (process.platform === "win32") return;
  const watchdog = spawn("/bin/sh", ["-c", 'read -r _; kill -s INT -- "$0"', String(target)], {
    ...account,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  // Without the watchdog the target still runs; an orphaned Postgres is stopped by the next start.
  watchdog.once("error", () => {});
  watchdog.unref();
  void ended.then(() => watchdog.kill("SIGKILL"));
}
