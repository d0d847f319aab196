import { z } from "zod";
import type { Context } from "@/lib/context";
import { type Finding, runCheck, type SystemCheck } from "./system-check";

const RESEND_URL = "https://api.resend.com";
const Domains = z.object({ data: z.array(z.object({ name: z.string(), status: z.string() })) });

/** That mails can be sent, and from the address that is configured. */
export function checkMail(ctx: Context): Promise<SystemCheck> {
  return runCheck("The mail service does not answer: nobody can be sent a sign-in link.", async (signal) => {
    const { apiKey, from, localUrl } = ctx.env.mail;
    const facts = [{ term: "Sender's domain", detail: domainOf(from) }];
    if (localUrl) {
      const response = await fetch(`${localUrl}/`, { signal });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the inbox answered ${response.status}`);
      return {
        state: "works",
        summary: "The local inbox takes every mail; none leaves this machine.",
        facts,
      };
    }
    // https://resend.com/docs/api-reference/domains/list-domains
    const response = await fetch(`${RESEND_URL}/domains`, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal,
    });
    return { ...judge(response.status, await response.json(), domainOf(from)), facts };
  });
}

function judge(status: number, body: unknown, domain: string): Pick<Finding, "state" | "summary"> {
  if (status === 401 && JSON.stringify(body).includes("restricted_api_key")) {
    return {
      state: "attention",
      summary: "The key may only send, so whether the sender's domain is verified was not checked.",
    };
  }
  if (status === 400 || status === 401 || status === 403) {
    return { state: "failed", summary: "Resend refuses RESEND_API_KEY. Copy it again." };
  }
  const { data } = Domains.parse(body);
  const found = data.find(({ name }) => domain === name || domain.endsWith(`.${name}`));
  if (found?.status === "verified")
    return { state: "works", summary: `${found.name} is verified at Resend.` };
  return {
    state: "failed",
    summary: found
      ? `${found.name} is not verified at Resend yet: add its DNS records.`
      : `${domain}, of MAIL_FROM, is not among the domains at Resend: add and verify it.`,
  };
}

function domainOf(from: string): string {
  return /@([^\s>]+)/.exec(from)?.[1]?.toLowerCase() ?? "";
}
