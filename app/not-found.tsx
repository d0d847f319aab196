import type { Metadata } from "next";
import { LinkButton } from "@/components/link-button";
import { PageHeader } from "@/components/page-header";
import { PlainShell } from "@/components/shell/plain-shell";

export const metadata: Metadata = { title: "Not found" };

/** Every answer brings it along, for a part of its page that is not there: so its frame is the plain one. */
export default function NotFound() {
  return (
    <PlainShell>
      <PageHeader title="There is nothing at this address">
        <p>It may have moved, or the link may be incomplete.</p>
      </PageHeader>
      <div className="flex flex-wrap gap-3">
        <LinkButton href="/">To the front page</LinkButton>
        <LinkButton href="/account/billing" variant="secondary">
          To your billing
        </LinkButton>
      </div>
    </PlainShell>
  );
}
