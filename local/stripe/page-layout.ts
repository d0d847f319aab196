import { type Html, html } from "./html";

/**
 * The frame of every page served here. Light and dark follow the reader's system; no script runs.
 * @param frame.above what stands between the banner and the page itself, such as a way around.
 */
export function renderPage(title: string, main: Html, frame: { styles?: string; above?: Html } = {}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${{ markup: `${STYLES}${frame.styles ?? ""}` }}</style>
</head>
<body>
<header>Local simulation of Stripe. No money moves. Never enter a real card.</header>
${frame.above ?? null}
<main>${main}</main>
</body>
</html>`.markup;
}

const STYLES = `
:root { color-scheme: light dark; --text: #1a1f36; --soft: #4f566b; --page: #f6f8fa; --card: #fff; --line: #8792a2;
  --accent: #4338ca; --on-accent: #fff; --bad: #b3093c; --bad-page: #fde8ef; --good: #0b5d2e; --good-page: #e3f6ea; --banner: #fff4cf; --on-banner: #5b4300; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f2f8; --soft: #b4bccd; --page: #11141f; --card: #1b2030;
  --line: #7a849c; --accent: #a5b4fc; --on-accent: #11141f; --bad: #ff9db8; --bad-page: #3a1524; --good: #8fe3b0; --good-page: #10301d; --banner: #3b3000;
  --on-banner: #ffe9a3; } }
* { box-sizing: border-box; } [hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header { padding: .6rem 1rem; background: var(--banner); color: var(--on-banner); text-align: center; }
main { max-width: 30rem; margin: 1.5rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 1rem 0 .25rem; } h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
.card { background: var(--card); border-radius: .6rem; padding: 1.25rem; margin: 1.25rem 0; } .card > :first-child, .card > [hidden] + * { margin-top: 0; } .card > :last-child, li > :last-child { margin-bottom: 0; }
.soft { color: var(--soft); } .big { color: var(--soft); font-size: 1.1rem; margin: 0 0 1.25rem; }
dl.sums { display: grid; grid-template-columns: 1fr auto; gap: .35rem 1rem; margin: 0; } dl.sums dd { margin: 0; text-align: right; }
dl.sums .due { font-weight: 600; } dl.facts { grid-template-columns: auto 1fr; } dl.card.sums { margin: 1.25rem 0; }
label { display: block; font-weight: 500; margin: .9rem 0 .25rem; } legend { font-size: 1.05rem; font-weight: 600; padding: 0; }
input, select, textarea { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
input[type=checkbox], input[type=radio] { width: 1.5rem; height: 1.5rem; min-width: 1.5rem; margin: 0; padding: 0; accent-color: var(--accent); } .check { display: flex; gap: .7rem; align-items: center; font-weight: 400; }
.row { display: flex; gap: .6rem; align-items: end; } .row > :first-child { flex: 1; } .row button, button.small { width: auto; margin: 0; padding: .6rem .9rem; }
ul.plain { list-style: none; margin: 0; padding: 0; } ul.plain > li { padding: .7rem 0; border-top: 1px solid var(--line); } ul.plain > li:first-child { border-top: 0; padding-top: 0; }
table.lines .amount { padding-right: 0; } ul.plain a, table.lines a { display: inline-block; min-height: 1.5rem; }
.good { background: var(--good-page); color: var(--good); border-radius: .4rem; padding: .7rem; }
input[readonly] { background: var(--page); } input[aria-invalid=true] { border: 2px solid var(--bad); }
fieldset { border: 0; margin: 1.5rem 0 0; padding: 0; } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .8rem; }
.error { color: var(--bad); margin: .25rem 0 0; } .alert { background: var(--bad-page); color: var(--bad); border-radius: .4rem; padding: .7rem; }
button, .button { display: block; width: 100%; margin-top: 1.2rem; padding: .75rem; border: 0; border-radius: .4rem; text-align: center;
  font: inherit; font-weight: 600; text-decoration: none; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.quiet { background: none; color: var(--accent); border: 1px solid var(--line); }
a { color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font-family: ui-monospace, monospace; } table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25rem .5rem .25rem 0; }
table.lines caption { text-align: left; font-weight: 600; padding-bottom: .4rem; } table.lines td { border-top: 1px solid var(--line); vertical-align: top; }
.amount { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } dd { font-variant-numeric: tabular-nums; }
ul.cards { list-style: none; padding: 0; margin: 0; } ul.cards li { display: grid; grid-template-columns: minmax(12rem, auto) 1fr; gap: 0 1rem; padding: .2rem 0; }
@media (max-width: 30rem) { ul.cards li { grid-template-columns: 1fr; padding: .35rem 0; } }
`;
