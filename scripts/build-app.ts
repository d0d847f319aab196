import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { LocalStartError } from "@/local/start-error";

import type { ChildProcesses } from "./child-processes";

/** What a build is made from. A change elsewhere needs no new one. */
const SOURCES = [
  ...["app", "components", "lib", "catalogues", "emails", "prisma", "public"],
  ...[
    "instrumentation.ts",
    "instrumentation-client.ts",
    "proxy.ts",
    "next.config.ts",
    "postcss.config.mjs",
    "tsconfig.json",
    "package-lock.json",
  ],
];
const STAMP = "tollkeeper-sources";

/** Whether the last build was made from the sources as they are. */
export function isBuildCurrent(distDir: string): boolean {
  const stamp = join(distDir, STAMP);
  return (
    existsSync(join(distDir, "BUILD_ID")) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === hashSources(SOURCES)
  );
}

/** @throws LocalStartError if the build fails; what it printed is on the terminal then. */
export async function buildApp(children: ChildProcesses, distDir: string): Promise<void> {
  // Taken before the build: a source that changes during it is built again next time.
  const hash = hashSources(SOURCES);
  const result = await children.run(["node_modules/next/dist/bin/next", "build"], {
    NEXT_TELEMETRY_DISABLED: "1",
  });
  if (!result.ok) {
    console.error(result.output);
    throw new LocalStartError("The build failed: see above, correct it, then start again.");
  }
  writeFileSync(join(distDir, STAMP), hash);
}

/** One digest over the names and contents of files, tests and generated code left out. */
export function hashSources(sources: string[]): string {
  const hash = createHash("sha256");
  for (const file of sources.flatMap(listFiles))
    hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(path)
    .filter((name) => name !== "generated" && !name.startsWith("."))
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}
