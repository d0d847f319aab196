import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

/**
 * Prisma's schema engine as a WebAssembly module from npm. The stock CLI downloads a native engine, which
 * fails where that host cannot be reached; this one is the same engine, so the stock
 * `prisma migrate deploy` reads and continues the very history it writes.
 */
export async function openSchemaEngine(databaseUrl: string, root: string) {
  const glue = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = path.join(path.dirname(glue), "schema_engine_bg.wasm");
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(wasm), {
    "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports, // the glue's own export shape
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  return bindings.SchemaEngine.new(
    { datamodels: [schemaFile(root)] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(wholeScriptAdapter(databaseUrl)),
  );
}

/**
 * The adapter's own `executeScript` splits at every semicolon, which cuts functions in two. A script sent
 * whole runs in one implicit transaction instead, so a migration that fails leaves nothing behind.
 */
function wholeScriptAdapter(databaseUrl: string): PrismaPg {
  const factory = new PrismaPg({ connectionString: databaseUrl });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  };
  return factory;
}

/** The schema file as the engine wants it: name and text. */
export function schemaFile(root: string): [string, string] {
  const file = path.join(root, "prisma/schema.prisma");
  return ["prisma/schema.prisma", fs.readFileSync(file, "utf8")];
}

/** Every migration under `prisma/migrations`, oldest first. */
export function readMigrations(root: string) {
  const baseDir = path.join(root, "prisma/migrations");
  const names = fs
    .readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir,
    lockfile: {
      path: "migration_lock.toml",
      content: fs.readFileSync(path.join(baseDir, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok" as const,
          value: fs.readFileSync(path.join(baseDir, name, "migration.sql"), "utf8"),
        },
      },
    })),
  };
}

export const NO_FILTERS = { externalTables: [], externalEnums: [] };
