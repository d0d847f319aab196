import type { Metadata } from "next";
import { PageHeader } from "@/components/page-header";
import { PlainShell } from "@/components/shell/plain-shell";
import { TextLink } from "@/components/text-link";

export const metadata: Metadata = { title: "Under maintenance", robots: { index: false } };

/** While the service is taken down on purpose. It reads nothing: what it would read is what is being worked on. */
export default function MaintenancePage() {
  return (
    <PlainShell>
      <PageHeader title="We are working on it">
        <p>
          Tollkeeper is down for planned maintenance and will be back shortly. Subscriptions and balances stay
          as they are; nothing is charged twice, and nothing is lost.
        </p>
      </PageHeader>
      <p>
        <TextLink href="/">Try again</TextLink> in a few minutes.
      </p>
    </PlainShell>
  );
}
