import "server-only";
import { headers } from "next/headers";
import { getContext } from "@/lib/context";
import { visitorOf } from "@/lib/http/rate-limit";

/** Whom tries and mails are counted against: the nearest thing to a visitor that a request carries. */
export async function readVisitor(): Promise<{ visitor: string; userAgent: string | null }> {
  const sent = await headers();
  const visitor = visitorOf(getContext().env, sent);
  return { visitor, userAgent: sent.get("user-agent") };
}
