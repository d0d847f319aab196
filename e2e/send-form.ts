import type { APIRequestContext, APIResponse } from "@playwright/test";

const ENTITIES: Record<string, string> = { quot: '"', amp: "&", lt: "<", gt: ">", "#x27": "'" };

/**
 * Sends the form of a page that has a field of a name, as a browser without JavaScript does: with what its hidden fields
 * hold, and the `fields` filled in.
 */
export async function sendForm(
  request: APIRequestContext,
  url: string,
  field: string,
  fields: Record<string, string>,
): Promise<APIResponse> {
  const page = await request.get(url);
  const forms = (await page.text()).match(/<form\b.*?<\/form>/gs) ?? [];
  const form = forms.find((html) => html.includes(`name="${field}"`));
  if (!form)
    throw new Error(`${page.url()} answers ${page.status()} and has no form with a field "${field}".`);
  const [opening = ""] = form.split(">", 1);
  const hidden = [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(([input]) => [
    attributeOf(input, "name"),
    attributeOf(input, "value"),
  ]);
  const sent: Record<string, string> = { ...Object.fromEntries(hidden), ...fields };
  return request.post(new URL(attributeOf(opening, "action") || page.url(), page.url()).href, {
    headers: { origin: new URL(page.url()).origin },
    ...(opening.includes("multipart/form-data") ? { multipart: sent } : { form: sent }),
  });
}

function attributeOf(tag: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replace(/&(quot|amp|lt|gt|#x27);/g, (_, entity: string) => ENTITIES[entity] ?? "");
}
