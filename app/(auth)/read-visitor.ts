import "server-only";
import { headers } from "next/headers";

/** Whom tries and mails are counted against: the nearest thing to a visitor that a request carries. */
export async function readVisitor(): Promise<{ visitor: string; userAgent: string | null }> {
  const sent = await headers();
  const visitor = sent.get("x-forwarded-for")?.split(",")[0]?.trim() || "local";
  return { visitor, userAgent: sent.get("user-agent") };
}
