import { html } from "@/local/stripe/html";
import { renderPage } from "@/local/stripe/page-layout";

/** A page that only tells something and leads on: expired, already complete, unknown. */
export function renderNoticePage(notice: {
  title: string;
  message: string;
  link: { href: string; label: string } | null;
}): string {
  return renderPage(
    notice.title,
    html`<div class="card"><h1>${notice.title}</h1><p>${notice.message}</p>
${notice.link && html`<a class="button" href="${notice.link.href}">${notice.link.label}</a>`}</div>`,
  );
}
