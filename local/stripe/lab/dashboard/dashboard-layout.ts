import { type Html, html } from "@/local/stripe/html";
import { renderPage } from "@/local/stripe/page-layout";
import type { Message } from "./messages";
import type { Page } from "./page";

const SECTIONS: readonly [string, string][] = [
  ["/", "Overview"],
  ["/dashboard/customers", "Customers"],
  ["/dashboard/subscriptions", "Subscriptions"],
  ["/dashboard/invoices", "Invoices"],
  ["/dashboard/payments", "Payments"],
  ["/dashboard/events", "Events"],
  ["/dashboard/endpoints", "Endpoints"],
  ["/dashboard/requests", "Requests"],
  ["/dashboard/controls", "Controls"],
];

/** A page of the dashboard in its frame: the way around, what the last action did, then the page. */
export function renderDashboard(page: Page, path: string, message: Message | null): string {
  return renderPage(
    `${page.title} · Local Stripe`,
    html`${message && renderMessage(message)}
<h1>${page.title}</h1>
${page.body}`,
    { styles: STYLES, above: navigation(path) },
  );
}

function navigation(path: string): Html {
  const links = SECTIONS.map(([href, label]) => {
    const isHere = href === path || (href !== "/" && path.startsWith(`${href}/`));
    return html`<li><a href="${href}"${isHere && html` aria-current="page"`}>${label}</a></li>`;
  });
  return html`<nav aria-label="Dashboard"><ul>${links}</ul></nav>`;
}

function renderMessage({ text, isError }: Message): Html {
  return isError
    ? html`<p class="alert" role="alert">${text}</p>`
    : html`<p class="done" role="status">${text}</p>`;
}

const STYLES = `
main { max-width: 70rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 .25rem; max-width: 70rem; margin: .5rem auto 0; padding: 0 .5rem; }
nav a { display: block; padding: .4rem .5rem; text-decoration: none; border-bottom: 3px solid transparent; }
nav a:hover { text-decoration: underline; } nav a[aria-current] { border-color: var(--accent); font-weight: 600; color: var(--text); }
.scroll { overflow-x: auto; } .scroll time, .scroll td:last-child { white-space: nowrap; } .scroll details { white-space: normal; } .scroll table { min-width: 34rem; overflow-wrap: normal; } .scroll th, .scroll td { border-bottom: 1px solid var(--line); vertical-align: top; padding: .4rem .75rem .4rem 0; }
td a, dd a, li a { display: inline-block; min-height: 24px; }
.done { background: var(--card); border-left: 4px solid var(--accent); padding: .7rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1rem; align-items: start; } .columns .card { margin: 0; }
.card h2, .card h3 { margin-top: 0; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
select, textarea { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
form.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; } form.row > div { flex: 1 1 12rem; } form.row label { margin-top: 0; }
form.row button, td button, li button { width: auto; margin-top: 0; padding: .6rem .9rem; } td button, li button { padding: .25rem .6rem; } form.inline { display: inline; } form.inline button { width: auto; padding: .6rem .9rem; margin-top: 0; } form.row + form.row { margin-top: 1rem; } main > .card + .card, .columns + h2 { margin-top: 1rem; }
.in-cell { display: flex; gap: .4rem; } .in-cell select { width: auto; padding: .25rem .4rem; }
input[type=checkbox] { width: 1.5rem; height: 1.5rem; margin: 0 .5rem 0 0; vertical-align: middle; }
.status { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; white-space: nowrap; } .status.bad { border-color: var(--bad); color: var(--bad); }
ol.timeline { list-style: none; margin: 0; padding: 0 0 0 1rem; border-left: 3px solid var(--line); } ol.timeline li { padding: .3rem 0; }
ol.timeline .next { border-left: 3px solid var(--accent); margin-left: calc(-1rem - 3px); padding-left: 1rem; }
pre { overflow-x: auto; background: var(--card); padding: 1rem; border-radius: .4rem; font-size: .875rem; line-height: 1.7; }
dl.facts { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: .35rem 1rem; margin: 0; } dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; }
progress { width: 100%; accent-color: var(--accent); }
.pager { display: flex; gap: 1rem; }
`;
