import { type Catalogue, parseCatalogue } from "@/lib/domain/catalogue";
import { community } from "./community";

const PRESETS: Record<string, Catalogue> = { community };

/**
 * The preset named by `CATALOGUE`, checked.
 * @throws Error naming the presets there are, or the defects of the one asked for.
 */
export function readPreset(key: string): Catalogue {
  const preset = Object.hasOwn(PRESETS, key) ? PRESETS[key] : undefined;
  if (!preset)
    throw new Error(`There is no catalogue "${key}". There are: ${Object.keys(PRESETS).join(", ")}.`);
  return parseCatalogue(preset);
}
