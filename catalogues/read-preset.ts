import { type Catalogue, parseCatalogue } from "@/lib/domain/catalogue";
import { community } from "./community";
import { directory } from "./directory";
import { learning } from "./learning";
import { teamTokens } from "./team-tokens";
import { ticketing } from "./ticketing";

/** The businesses that can be run from this build, by the keys that `CATALOGUE` names them by. */
export const PRESETS: Readonly<Record<string, Catalogue>> = Object.fromEntries(
  [learning, community, ticketing, teamTokens, directory].map((preset) => [preset.key, preset]),
);

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
