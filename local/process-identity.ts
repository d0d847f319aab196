import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A mark that is the same for as long as process `pid` lives and different for every later process
 * that is given the same number; null if no such process runs. A pid alone is not enough for a lock
 * file: after a crash the number soon belongs to somebody else, most of all in a container.
 */
export function identifyProcess(pid: number): string | null {
  if (!Number.isInteger(pid) || pid < 1) return null;
  if (process.platform === "linux") return identifyOnLinux(pid);
  if (process.platform === "win32") return isAlive(pid) ? "alive" : null;
  try {
    const started = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return started === "" ? null : started;
  } catch {
    return null;
  }
}

function identifyOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets and may hold spaces: count from its end.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const isZombie = fields[0] === "Z";
    return isZombie ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
