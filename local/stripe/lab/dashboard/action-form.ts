import { type Html, html } from "@/local/stripe/html";

export type Action = {
  /** The call of the control API that it makes, e.g. "/events/evt_…/redeliver". */
  call: string;
  method?: "POST" | "DELETE";
  /** The page it leads back to. */
  back: string;
  button: string;
  fields?: Html;
  /** How it is laid out: on its own, in a row, among other text, or as a choice and its button in a cell. */
  className?: "row" | "inline" | "in-cell";
  isQuiet?: boolean;
};

/** A form that makes one call of the control API. */
export function actionForm(action: Action): Html {
  const { call, method = "POST", back, button, fields, className, isQuiet = false } = action;
  return html`<form method="post" action="/dashboard/actions${call}"${className !== undefined && html` class="${className}"`}>
<input type="hidden" name="_back" value="${back}">${method === "DELETE" && html`<input type="hidden" name="_method" value="DELETE">`}
${fields ?? null}<button type="submit"${isQuiet && html` class="quiet"`}>${button}</button></form>`;
}

/** A labelled field. The name alone need not be unique on a page, so the id is given. */
export function field(id: string, name: string, label: string, more: Html = html``): Html {
  return html`<div><label for="${id}">${label}</label><input id="${id}" name="${name}"${more}></div>`;
}

/** A labelled choice. */
export function choice(
  id: string,
  name: string,
  label: string,
  options: readonly (readonly [string, string])[],
  chosen?: string,
): Html {
  return html`<div><label for="${id}">${label}</label><select id="${id}" name="${name}">${options.map(
    ([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`,
  )}</select></div>`;
}
