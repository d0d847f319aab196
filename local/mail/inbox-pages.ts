import { addressOf, type Mail } from "./mail";

export type MailView = "html" | "text" | "headers";

/** The inbox: who got what, newest first. */
export function inboxPage(mails: Mail[], to: string | null): string {
  const rows = mails.map(
    (mail) => `<li><a href="/mails/${mail.id}">
      <span class="subject">${escapeHtml(mail.subject)}</span>
      <span class="to">${escapeHtml(mail.to.join(", "))}</span>
      <time datetime="${mail.created_at}">${shownTime(mail)}</time>
    </a></li>`,
  );
  const empty =
    to === null
      ? "No mail yet. What the app sends appears here."
      : `No mail to ${escapeHtml(to)} yet. <a href="/">Show all</a>`;
  return page(
    to === null ? "Inbox" : `Inbox of ${to}`,
    `<form action="/" role="search">
      <input type="search" name="to" value="${escapeHtml(to ?? "")}" placeholder="Recipient, e.g. pro@demo.test" aria-label="Recipient">
      <button>Search</button>
    </form>
    ${rows.length > 0 ? `<ol class="mails">${rows.join("")}</ol>` : `<p class="empty">${empty}</p>`}
    <noscript><meta http-equiv="refresh" content="5"></noscript>
    <script src="/inbox.js" data-newest="${mails[0]?.id ?? ""}" defer></script>`,
  );
}

/** One mail as the recipient sees it. */
export function mailPage(mail: Mail, view: MailView): string {
  const tab = (name: MailView, label: string) =>
    `<a href="/mails/${mail.id}?view=${name}"${name === view ? ' aria-current="page"' : ""}>${label}</a>`;
  const files =
    mail.attachments.length > 0 ? `<dt>Attached</dt><dd>${escapeHtml(mail.attachments.join(", "))}</dd>` : "";
  return page(
    mail.subject,
    `<p><a href="/?to=${encodeURIComponent(addressOf(mail.to[0] ?? ""))}">More to ${escapeHtml(addressOf(mail.to[0] ?? ""))}</a></p>
    <h2>${escapeHtml(mail.subject)}</h2>
    <dl>
      <dt>From</dt><dd>${escapeHtml(mail.from)}</dd>
      <dt>To</dt><dd>${escapeHtml(mail.to.join(", "))}</dd>
      <dt>Sent</dt><dd><time datetime="${mail.created_at}">${shownTime(mail)}</time></dd>
      ${files}
    </dl>
    <nav>${tab("html", "Mail")}${tab("text", "Plain text")}${tab("headers", "Headers")}</nav>
    ${mailBody(mail, view)}`,
  );
}

function mailBody(mail: Mail, view: MailView): string {
  if (view === "headers") return `<pre>${escapeHtml(headersText(mail))}</pre>`;
  if (view === "text") return `<pre>${escapeHtml(mail.text ?? "This mail has no plain text.")}</pre>`;
  if (mail.html === null) return `<pre>${escapeHtml(mail.text ?? "")}</pre>`;
  return `<iframe title="The mail" src="/mails/${mail.id}/html" sandbox="${MAIL_SANDBOX}"></iframe>`;
}

/** A mail runs no script and reaches no page of ours; its links open in the whole tab or in a new one. */
export const MAIL_SANDBOX =
  "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/** The mail's own HTML, with links leaving the frame they are shown in. */
export function framedHtml(mail: Mail): string {
  const html = mail.html ?? "";
  const base = '<base target="_top">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + base) : base + html;
}

/** Reloads the list when something new arrived, but not under the hands of somebody who types. */
export const INBOX_SCRIPT = `const newest = document.currentScript.dataset.newest;
setInterval(async () => {
  if (document.hidden || document.activeElement?.tagName === "INPUT") return;
  const answer = await fetch("/inbox" + location.search).catch(() => null);
  if (!answer?.ok) return;
  const mails = await answer.json();
  if ((mails[0]?.id ?? "") !== newest) location.reload();
}, 2000);
`;

function headersText(mail: Mail): string {
  const lines: [string, string][] = [
    ["Date", new Date(mail.created_at).toUTCString()],
    ["From", mail.from],
    ["To", mail.to.join(", ")],
    ["Cc", mail.cc.join(", ")],
    ["Bcc", mail.bcc.join(", ")],
    ["Reply-To", mail.reply_to.join(", ")],
    ["Subject", mail.subject],
    ["Scheduled for", mail.scheduled_at ?? ""],
    ...Object.entries(mail.headers),
    ["Tags", mail.tags.map(({ name, value }) => `${name}=${value}`).join(", ")],
    ["Id", mail.id],
  ];
  return lines
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

function shownTime(mail: Mail): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(mail.created_at),
  );
}

function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · Local inbox</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1><a href="/">Local inbox</a></h1><p>Nothing is sent: every mail of the app ends here.</p></header>
<main>${main}</main>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d9dce1, #383c44); --muted: light-dark(#5b6270, #a4abb8); --link: light-dark(#1d4ed8, #93b4ff); --row: light-dark(#f5f6f8, #23262c); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #17191d); color: light-dark(#15171c, #e8eaee); overflow-wrap: anywhere; }
header, main { width: 100%; max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { border-bottom: 1px solid var(--line); }
h1 { font-size: 1.1rem; margin: 0; } h1 a { color: inherit; text-decoration: none; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: .5rem 0 1rem; }
header p { margin: 0; color: var(--muted); }
main { flex: 1; display: flex; flex-direction: column; }
a { color: var(--link); }
form { display: flex; gap: .5rem; margin-bottom: 1rem; }
input { flex: 1; min-width: 0; font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: inherit; }
button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--row); color: inherit; }
.mails { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .75rem .5rem; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; }
.mails a:hover, .mails a:focus-visible { background: var(--row); }
.subject { font-weight: 600; grid-column: 1 / -1; } .to { color: var(--muted); } time { color: var(--muted); white-space: nowrap; }
.empty { padding: 3rem 0; text-align: center; color: var(--muted); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1rem; } dt { color: var(--muted); } dd { margin: 0; }
nav { display: flex; gap: 1rem; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
nav a { padding: .5rem 0; text-decoration: none; color: var(--muted); } nav a[aria-current] { color: inherit; font-weight: 600; border-bottom: 2px solid currentColor; margin-bottom: -1px; }
iframe { flex: 1; width: 100%; min-height: 26rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; color-scheme: light; }
pre { margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap; background: var(--row); }
@media (max-width: 30rem) { .mails a { grid-template-columns: 1fr; } }
`;
