import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** The rules of WCAG 2.2, level A and AA. (criterion 25) */
export const WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * What axe finds wrong on a page and in its frames: each rule with an element that breaks it. Without `tags` every rule of
 * axe counts, those of good practice as well.
 */
export async function findViolations(page: Page, tags?: string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page })
    .options({ resultTypes: ["violations"], ...(tags ? { runOnly: { type: "tag", values: tags } } : {}) })
    // Joining what several frames say takes a page of its own and twice the time. With one frame nothing is to be joined.
    .setLegacyMode(page.frames().length === 1);
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}
