import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, seeOther } from "@/local/stripe/http/answer";
import { decodeForm, type FormHash } from "@/local/stripe/http/decode-form";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import type { Job } from "@/local/stripe/lab/jobs";
import type { Lab } from "@/local/stripe/lab/lab";
import { callLab } from "@/local/stripe/lab/lab-api";
import type { DashboardRequest } from "./handle-dashboard-page";
import { keepMessage, type Message } from "./messages";

/** A jump that is over by then needs no page of its own. */
const QUICK_JUMP_MS = 800;

/**
 * A form of the dashboard: a call of the control API, then back to the page it came from, which says what was done or why
 * not. Only a page of this very server may send one.
 */
export async function handleAction(lab: Lab, request: DashboardRequest): Promise<Answer> {
  if (request.method !== "POST" || !isOwnForm(request)) return foreignForm();
  const form = decodeForm(request.body);
  const back = readBack(form);
  const call = request.url.pathname.replace("/dashboard/actions/", "/lab/");
  const method = form.get("_method") === "DELETE" ? "DELETE" : "POST";
  try {
    const { says } = await callLab(lab, method, call, filledIn(form));
    const job = lab.jobs.running;
    if (job === null) return leadBack(lab, back, { text: says, isError: false });
    await waitShortly(job);
    if (job.status === "running")
      return seeOther(`/dashboard/jobs/${job.id}?back=${encodeURIComponent(back)}`);
    return leadBack(lab, back, sayJob(job));
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    const { param, message } = error.body;
    return leadBack(lab, back, {
      text: param === undefined ? message : `${param}: ${message}`,
      isError: true,
    });
  }
}

/** Browsers name the page's origin with every form they post. */
function isOwnForm({ origin, host }: DashboardRequest): boolean {
  return origin !== undefined && host !== undefined && origin === `http://${host}`;
}

function foreignForm(): Answer {
  const body = "Only the dashboard's own forms are taken here.";
  return { status: 403, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
}

/** A page of this server, whatever was sent. */
function readBack(form: FormHash): string {
  const back = form.get("_back");
  return typeof back === "string" && /^\/(?![/\\])/.test(back) ? back : "/";
}

/** What was typed or chosen: an empty field is one that was not given. */
function filledIn(form: FormHash): FormHash {
  return new Map([...form].filter(([name, value]) => !name.startsWith("_") && value !== ""));
}

function leadBack(lab: Lab, back: string, message: Message): Answer {
  const url = new URL(back, "http://local");
  url.searchParams.set("said", keepMessage(lab.messages, message));
  return seeOther(`${url.pathname}${url.search}`);
}

async function waitShortly(job: Job): Promise<void> {
  const end = Date.now() + QUICK_JUMP_MS;
  while (job.status === "running" && Date.now() < end) await sleep(20);
}

function sayJob({ status, error }: Job): Message {
  if (status === "done") return { text: "The clock moved.", isError: false };
  return { text: `The jump ${status}${error === null ? "." : `: ${error}`}`, isError: true };
}
