import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readlinkSync, realpathSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { LocalStartError } from "@/local/start-error";

import { findClosedFolder, type PostgresAccount } from "./postgres-account";

/** Where data goes that cannot lie in the checkout. Only root has an account to change to, so it can be written. */
const OUTSIDE_FOLDER = "/var/lib/tollkeeper";

/**
 * Where the data of `dataDir` really lies. Started by root, Postgres runs as another account, which
 * cannot enter a checkout below a closed folder such as /root: the data then lies in
 * /var/lib/tollkeeper and `dataDir` is a link to it, so that whoever looks for it finds it.
 *
 * @throws LocalStartError if data is there already that the account cannot reach.
 */
export function settleDataFolder(dataDir: string, account: PostgresAccount): string {
  mkdirSync(dirname(resolve(dataDir)), { recursive: true });
  const wanted = join(realpathSync(dirname(resolve(dataDir))), basename(resolve(dataDir)));
  const present = lstatSync(wanted, { throwIfNoEntry: false });
  if (present?.isSymbolicLink()) {
    makeOpenFolder(dirname(readlinkSync(wanted)));
    return readlinkSync(wanted);
  }

  openParentIfOurs(wanted, account);
  const closed = findClosedFolder(wanted, account);
  if (closed === null) return wanted;
  if (present !== undefined) {
    throw new LocalStartError(
      `Postgres runs as uid ${account?.uid} and cannot enter ${closed}: run "chmod o+x ${closed}", or delete ${wanted} to start afresh elsewhere.`,
    );
  }
  const outside = join(OUTSIDE_FOLDER, createHash("sha256").update(wanted).digest("hex").slice(0, 12));
  makeOpenFolder(outside);
  symlinkSync(join(outside, "postgres"), wanted);
  console.log(`Postgres keeps its data in ${outside}, because uid ${account?.uid} cannot enter ${closed}.`);
  return join(outside, "postgres");
}

/** The folder right above is made for the stand-ins, by us or by a test: it may be passed through. */
function openParentIfOurs(path: string, account: PostgresAccount): void {
  const parent = dirname(path);
  const { uid, mode } = statSync(parent);
  if (findClosedFolder(path, account) === parent && uid === process.getuid?.())
    chmodSync(parent, mode | 0o011);
}

/** Makes a folder below OUTSIDE_FOLDER that everybody may pass through, whatever the umask. */
function makeOpenFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(OUTSIDE_FOLDER, 0o755);
  chmodSync(folder, 0o755);
}
