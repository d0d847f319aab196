import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { LocalStartError } from "@/local/start-error";

import type { PostgresAccount } from "./postgres-account";
import type { PostgresBinaries } from "./postgres-binaries";

/**
 * Makes `folder` a Postgres cluster unless it is one. It is made beside and renamed when complete,
 * so a start that was killed half-way leaves nothing that looks like a cluster.
 *
 * @throws LocalStartError if `folder` holds the data of another major version, or initdb fails.
 */
export function createClusterIfMissing(
  folder: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  env: NodeJS.ProcessEnv,
): void {
  const versionFile = join(folder, "PG_VERSION");
  if (existsSync(versionFile)) {
    const version = Number.parseInt(readFileSync(versionFile, "utf8"), 10);
    if (version === binaries.majorVersion) return;
    throw new LocalStartError(
      `${folder} holds data of Postgres ${version}, but this is Postgres ${binaries.majorVersion}: delete it to start afresh ("npm run local -- --reset"), or check out the version that made it.`,
    );
  }
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const passwordFile = `${folder}.password`;
  try {
    writeFileSync(passwordFile, LOCAL_CREDENTIALS.databasePassword, { mode: 0o600 });
    giveTo(account, unfinished);
    giveTo(account, passwordFile);
    runInitdb(unfinished, passwordFile, binaries, account, env);
    renameSync(unfinished, folder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function runInitdb(
  folder: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  env: NodeJS.ProcessEnv,
): void {
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"];
  const login = [
    `--username=${LOCAL_CREDENTIALS.databaseUser}`,
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
  ];
  const result = spawnSync(binaries.initdb, ["-D", folder, ...login, ...locale], {
    ...account,
    env,
    cwd: "/",
    encoding: "utf8",
    timeout: 60_000,
  });
  if (result.status === 0) return;
  const why = (result.error?.message ?? result.stderr).trim().split("\n").join(" ");
  throw new LocalStartError(
    `Postgres could not make its data folder ${folder}: ${why} Set LOCAL_DATA_DIR to a folder on a local disk, or DATABASE_URL to a Postgres of your own.`,
  );
}

function giveTo(account: PostgresAccount, path: string): void {
  if (account !== null) chownSync(path, account.uid, account.gid);
}
