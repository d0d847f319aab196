import { readPreset } from "@/catalogues/read-preset";
import { AppError } from "@/lib/app-error";
import { type Catalogue, parseCatalogue } from "@/lib/domain/catalogue";
import { diffCatalogues } from "@/lib/domain/catalogue-diff";
import type { CatalogueChange } from "@/lib/domain/diff-members";
import { compareWithStripe } from "@/lib/services/catalogue/compare-with-stripe";
import { exportCatalogue } from "@/lib/services/catalogue/export-catalogue";
import { previewPush } from "@/lib/services/catalogue/preview-push";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { pushCatalogue } from "@/lib/services/catalogue/push-catalogue";
import { catalogueAsJson, readCatalogueFile, writeCatalogueFile } from "./catalogue-file";
import { CommandError } from "./command-error";
import { type Connections, withConnections } from "./open-connections";
import type { Arguments } from "./read-arguments";

/**
 * Runs one command and prints what comes of it.
 * @returns the exit code: 0 = all is well, 1 = something differs.
 * @throws CommandError for what the person at the terminal has to know instead.
 */
export async function runCommand(args: Arguments): Promise<0 | 1> {
  if (args.command === "pull") return withConnections((ctx) => pull(ctx, args));
  const catalogue = await readGiven(args);
  switch (args.command) {
    case "validate":
      console.log(`${nameOf(args, catalogue)} is valid: ${countsOf(catalogue)}.`);
      return 0;
    case "diff":
      return withConnections((ctx) => diff(ctx, catalogue, args));
    case "push":
      return withConnections((ctx) => push(ctx, catalogue, args));
  }
}

async function diff(ctx: Connections, catalogue: Catalogue, args: Arguments): Promise<0 | 1> {
  const published = await findPublished(ctx);
  const changes = diffCatalogues(published, catalogue);
  console.log(`What ${nameOf(args, catalogue)} changes of what is published:`);
  if (!published) console.log("  Nothing is published yet: all of it is new.");
  print(changes);
  console.log("What is otherwise at Stripe than what is published, and what a push does about it:");
  const atStripe = await compareWithStripe(ctx);
  print(atStripe);
  return changes.length + atStripe.length === 0 && published ? 0 : 1;
}

async function push(ctx: Connections, catalogue: Catalogue, args: Arguments): Promise<0 | 1> {
  const published = await findPublished(ctx);
  if (published && published.key !== catalogue.key && !args.mayReplace) {
    throw new CommandError(
      1,
      `"${published.key}" is published here, and this is "${catalogue.key}": its plans would all go off sale. ` +
        `Name the catalogue with --catalogue ${published.key} or --file, or say --replace if this is meant.`,
    );
  }
  console.log(`Published${args.isDryRun ? ", were this no dry run" : ""}:`);
  print(diffCatalogues(published, catalogue));
  if (args.isDryRun) {
    console.log("At Stripe, were this no dry run:");
    const changes = await previewPush(ctx, { catalogue });
    print(changes);
    console.log("Nothing was changed.");
    return changes.some(({ action }) => action === null) ? 1 : 0;
  }
  const slugs = await publishCatalogue(ctx, { catalogue });
  if (slugs.length > 0) console.log(`  New versions: ${slugs.join(", ")}`);
  console.log("At Stripe:");
  let done = 0;
  const { problems } = await pushCatalogue(ctx, {
    onChange(change) {
      done += 1;
      print([change]);
    },
  });
  if (done + problems.length === 0) print([]);
  for (const { words, path } of problems) console.log(`  NOT DONE: ${words}  [${path}]`);
  return problems.length === 0 ? 0 : 1;
}

async function pull(ctx: Connections, { file }: Arguments): Promise<0> {
  const catalogue = await exportCatalogue(ctx);
  refuseUnlessReadable(catalogue);
  console.log(file === null ? catalogueAsJson(catalogue) : await writeCatalogueFile(file, catalogue));
  return 0;
}

async function readGiven({ file, catalogue }: Arguments): Promise<Catalogue> {
  if (file !== null) return readCatalogueFile(file);
  try {
    return readPreset(presetKey({ catalogue }));
  } catch (error) {
    throw new CommandError(1, error instanceof Error ? error.message : String(error));
  }
}

function presetKey({ catalogue }: Pick<Arguments, "catalogue">): string {
  return catalogue ?? (process.env.CATALOGUE?.trim() || "community");
}

function nameOf(args: Arguments, { key }: Catalogue): string {
  return args.file === null ? `the preset "${key}"` : `${args.file} ("${key}")`;
}

function countsOf({ plans, creditPacks, meters, features }: Catalogue): string {
  const counts = [
    [plans.length, "plan"],
    [creditPacks.length, "pack"],
    [meters.length, "meter"],
    [features.length, "feature"],
  ] as const;
  return counts.map(([count, name]) => `${count} ${name}${count === 1 ? "" : "s"}`).join(", ");
}

async function findPublished(ctx: Connections): Promise<Catalogue | null> {
  try {
    return await exportCatalogue(ctx);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_configured") return null;
    throw error;
  }
}

/** What an earlier version of this app published may lack what its schema has gained since. */
function refuseUnlessReadable(catalogue: Catalogue): void {
  try {
    parseCatalogue(catalogue);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      1,
      `What is published was published under an older schema; a push of a valid file replaces it. ${reason}`,
    );
  }
}

function print(changes: CatalogueChange[]): void {
  if (changes.length === 0) console.log("  nothing");
  for (const { words, path } of changes) console.log(`  ${words}  [${path}]`);
}
