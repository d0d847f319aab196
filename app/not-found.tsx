import type { Metadata } from "next";
import { LinkButton } from "@/components/link-button";
import { PageHeader } from "@/components/page-header";
import { SiteFrame } from "./site-frame";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <SiteFrame>
      <PageHeader title="There is nothing at this address">
        <p>It may have moved, or the link may be incomplete.</p>
      </PageHeader>
      <div className="flex flex-wrap gap-3">
        <LinkButton href="/">To the front page</LinkButton>
        <LinkButton href="/account/billing" variant="secondary">
          To your billing
        </LinkButton>
      </div>
    </SiteFrame>
  );
}
