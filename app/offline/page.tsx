import type { Metadata } from "next";
import { LinkButton } from "@/components/link-button";
import { PageHeader } from "@/components/page-header";
import { PlainShell } from "@/components/shell/plain-shell";

export const metadata: Metadata = { title: "Offline", robots: { index: false } };

/** For whoever cannot reach us. It asks nobody anything, so that it may be kept for that moment. */
export default function OfflinePage() {
  return (
    <PlainShell>
      <PageHeader title="You are offline">
        <p>This page could not be loaded without a connection. Nothing was sent, charged or changed.</p>
      </PageHeader>
      <LinkButton href="/">Try again</LinkButton>
    </PlainShell>
  );
}
