import Stripe from "stripe";
import { Mismatch } from "./check";
import type { Scenario } from "./scenario";
import { withoutAccountData } from "./without-account-data";
import type { World } from "./world";

export type ScenarioResult = {
  name: string;
  page: string;
  status: "passed" | "failed";
  /** What was promised and what was found; nothing that belongs to the account. */
  differences: string[];
};

/**
 * Runs the scenarios one after the other, each in a world of its own that is cleaned up whatever happens. A failure does
 * not stop the others; what could not be cleaned up is one.
 */
export async function runScenarios(
  stripe: Stripe,
  scenarios: readonly Scenario[],
  options: { pollMs: number; tell?: (result: ScenarioResult) => void },
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    const world: World = { stripe, undo: [], pollMs: options.pollMs };
    const differences = [...(await attempt(() => scenario.run(stripe, world))), ...(await cleanUp(world))];
    const result: ScenarioResult = {
      name: scenario.name,
      page: scenario.page,
      status: differences.length === 0 ? "passed" : "failed",
      differences: differences.map(withoutAccountData),
    };
    results.push(result);
    options.tell?.(result);
  }
  return results;
}

async function cleanUp({ undo }: World): Promise<string[]> {
  const differences: string[] = [];
  for (const { what, run } of undo.reverse()) {
    const failed = await attempt(run);
    differences.push(...failed.map((difference) => `cleaning up (${what}): ${difference}`));
  }
  return differences;
}

async function attempt(work: () => Promise<unknown>): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof Mismatch) return error.differences;
    if (error instanceof Stripe.errors.StripeError) {
      return [`refused: ${error.statusCode} ${error.code ?? error.rawType ?? ""}: ${error.message}`];
    }
    return [error instanceof Error ? error.message : String(error)];
  }
}
