import { notForgotten } from "@/local/stripe/events/event-retention";
import { html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import { formatMoney } from "@/local/stripe/money";
import { fieldEquals, type ListFilter } from "@/local/stripe/store/list-objects";
import { actionForm } from "./action-form";
import { objectLink } from "./object-link";
import { renderObjectList } from "./object-list";
import type { Page, PageRequest } from "./page";
import { statusText } from "./status-text";
import { timeText } from "./time-text";

/** All customers, or those whose e-mail address or id holds what is looked for. */
export function customersPage(lab: Lab, { query }: PageRequest): Page {
  const wanted = query.get("q")?.trim() ?? "";
  const like = `%${wanted.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const filter: ListFilter = {
    sql: "(id like ? escape '\\' or json_extract(body, '$.email') like ? escape '\\' or json_extract(body, '$.name') like ? escape '\\')",
    values: [like, like, like],
  };
  return {
    title: "Customers",
    body: html`<form class="row" action="/dashboard/customers" role="search"><div><label for="q">E-mail, name or id</label>
<input id="q" name="q" type="search" value="${wanted}"></div><button type="submit">Search</button></form>
${renderObjectList(lab, "customer", {
  path: "/dashboard/customers",
  query,
  filters: wanted === "" ? [] : [filter],
  headings: ["E-mail", "Name", "Id", "Created"],
  row: (one) => [
    objectLink(one.id, one.email ?? one.id),
    one.name ?? "–",
    html`<code>${one.id}</code>`,
    timeText(one.created),
  ],
  empty: wanted === "" ? "There are no customers yet." : `No customer has “${wanted}”.`,
})}`,
  };
}

export function subscriptionsPage(lab: Lab, { query }: PageRequest): Page {
  return {
    title: "Subscriptions",
    body: renderObjectList(lab, "subscription", {
      path: "/dashboard/subscriptions",
      query,
      filters: filtersOf(query),
      headings: ["Id", "Status", "Customer", "Period ends", "Latest invoice"],
      row: (one) => [
        objectLink(one.id),
        statusText(one.status),
        objectLink(one.customer),
        timeText(one.items.data[0]?.current_period_end),
        objectLink(one.latest_invoice),
      ],
    }),
  };
}

export function invoicesPage(lab: Lab, { query }: PageRequest): Page {
  return {
    title: "Invoices",
    body: renderObjectList(lab, "invoice", {
      path: "/dashboard/invoices",
      query,
      filters: filtersOf(query),
      headings: ["Number", "Status", "Total", "Customer", "Attempts", "Next attempt", "Created"],
      row: (one) => [
        objectLink(one.id, one.number ?? one.id),
        statusText(one.status),
        formatMoney(one.total, one.currency),
        objectLink(one.customer),
        one.attempt_count,
        timeText(one.next_payment_attempt),
        timeText(one.created),
      ],
    }),
  };
}

export function paymentsPage(lab: Lab, { query }: PageRequest): Page {
  return {
    title: "Payments",
    body: renderObjectList(lab, "payment_intent", {
      path: "/dashboard/payments",
      query,
      filters: filtersOf(query),
      headings: ["Id", "Status", "Amount", "Customer", "Latest charge", "Why it failed", "Created"],
      row: (one) => [
        objectLink(one.id),
        statusText(one.status),
        formatMoney(one.amount, one.currency),
        objectLink(one.customer),
        objectLink(one.latest_charge),
        one.last_payment_error?.decline_code ?? one.last_payment_error?.code ?? "–",
        timeText(one.created),
      ],
    }),
  };
}

export function endpointsPage(lab: Lab, { query }: PageRequest): Page {
  return {
    title: "Endpoints",
    body: renderObjectList(lab, "webhook_endpoint", {
      path: "/dashboard/endpoints",
      query,
      headings: ["URL", "Status", "Events", "Id"],
      row: (one) => [
        html`<code>${one.url}</code>`,
        statusText(one.status),
        one.enabled_events.join(", "),
        objectLink(one.id),
      ],
      empty: "There are no webhook endpoints: events are made and delivered to nobody.",
    }),
  };
}

export function eventsPage(lab: Lab, { query }: PageRequest): Page {
  const type = query.get("type") ?? "";
  const path = `/dashboard/events?${query.toString()}`;
  return {
    title: "Events",
    body: html`<form class="row" action="/dashboard/events"><div><label for="type">Type</label>
<input id="type" name="type" value="${type}" placeholder="invoice.paid"></div><button type="submit">Filter</button></form>
${renderObjectList(lab, "event", {
  path: "/dashboard/events",
  query,
  filters: [notForgotten(lab.store), ...(type === "" ? [] : [fieldEquals("$.type", type)])],
  headings: ["Type", "Object", "At (UTC)", "Action"],
  row: (one) => [
    objectLink(one.id, one.type),
    "id" in one.data.object ? objectLink(String(one.data.object.id)) : "–",
    timeText(one.created),
    actionForm({
      call: `/events/${one.id}/redeliver`,
      back: path,
      button: "Send again",
      isQuiet: true,
    }),
  ],
})}`,
  };
}

function filtersOf(query: URLSearchParams): ListFilter[] {
  const status = query.get("status") ?? "";
  return status === "" ? [] : [fieldEquals("$.status", status)];
}
