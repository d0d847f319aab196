import { html } from "@/local/stripe/html";
import { type Answer, htmlAnswer } from "@/local/stripe/http/answer";
import type { Lab } from "@/local/stripe/lab/lab";
import { controlsPage } from "./controls-page";
import { customerPage } from "./customer-page";
import { renderDashboard } from "./dashboard-layout";
import { eventPage } from "./event-page";
import { handleAction } from "./handle-action";
import { jobPage } from "./job-page";
import {
  customersPage,
  endpointsPage,
  eventsPage,
  invoicesPage,
  paymentsPage,
  subscriptionsPage,
} from "./list-pages";
import { objectPage } from "./object-page";
import { overviewPage } from "./overview-page";
import type { Page, PageRequest } from "./page";
import { requestsPage } from "./requests-page";

export type DashboardRequest = {
  method: string;
  url: URL;
  body: string;
  origin: string | undefined;
  host: string | undefined;
};

/** The dashboard of the lab: `/` and everything under `/dashboard/`. */
export async function handleDashboardPage(lab: Lab, request: DashboardRequest): Promise<Answer> {
  const { pathname, searchParams } = request.url;
  if (pathname.startsWith("/dashboard/actions/")) return handleAction(lab, request);
  const path = pathname === "/dashboard" ? "/" : pathname.replace(/(?<=.)\/$/, "");
  const page = findPage(lab, path, searchParams) ?? unknownPage();
  const message = lab.messages.byNumber.get(searchParams.get("said") ?? "") ?? null;
  const answer = htmlAnswer(page.status ?? 200, renderDashboard(page, path, message));
  return {
    ...answer,
    headers: {
      ...answer.headers,
      // A form tells where it was sent from only if its page allows it.
      "Referrer-Policy": "same-origin",
      ...(page.isUnderWay ? { Refresh: "1" } : {}),
    },
  };
}

const LISTS: Record<string, (lab: Lab, request: PageRequest) => Page> = {
  controls: controlsPage,
  customers: customersPage,
  endpoints: endpointsPage,
  events: eventsPage,
  invoices: invoicesPage,
  payments: paymentsPage,
  requests: requestsPage,
  subscriptions: subscriptionsPage,
};

const SINGLES: Record<string, (lab: Lab, request: PageRequest) => Page | null> = {
  customers: customerPage,
  events: eventPage,
  jobs: jobPage,
  objects: objectPage,
};

function findPage(lab: Lab, path: string, query: URLSearchParams): Page | null {
  if (path === "/") return overviewPage(lab);
  const [, , kind = "", id, ...rest] = path.split("/");
  if (rest.length > 0) return null;
  const pages = id === undefined ? LISTS : SINGLES;
  const page = Object.hasOwn(pages, kind) ? pages[kind] : undefined;
  return page?.(lab, { id: decode(id ?? ""), query }) ?? null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function unknownPage(): Page {
  return {
    title: "Nothing here",
    status: 404,
    body: html`<p>There is nothing at this address. It may have been forgotten by a reset.</p><p><a href="/">Overview</a></p>`,
  };
}
