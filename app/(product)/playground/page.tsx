import { MessageSquare } from "lucide-react";
import type { Metadata } from "next";
import { Chat } from "@/components/chat/chat";
import { chatAllowance } from "@/components/chat/chat-allowance";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/link-button";
import { PageHeader } from "@/components/page-header";
import { UseButtons } from "@/components/playground/use-buttons";
import { getContext } from "@/lib/context";
import { shownWindow } from "@/lib/domain/shown-window";
import { requireViewer } from "@/lib/http/viewer";
import { getUsage, type MeterUsage } from "@/lib/services/usage/get-usage";
import { recordUseAction } from "./record-use-action";

export const metadata: Metadata = { title: "Playground", robots: { index: false } };

/** What the catalogue offers to be tried, each use counted as it would be in the product. */
export default async function PlaygroundPage() {
  const { customer } = await requireViewer("/playground");
  const { meters, entitlements } = await getUsage(getContext(), { customerId: customer.id });
  const { chat, actions } = entitlements.catalogue.playground;
  const usageOf = (key: string) => meters.find(({ meter }) => meter.key === key);
  const uses = actions.flatMap(({ label, meter: key }) => {
    const usage = usageOf(key);
    return usage ? [{ label, meter: usage.meter, window: shownWindow(usage.windows) }] : [];
  });
  const talked = chat && usageOf(chat.meter);
  return (
    <div className="mx-auto max-w-text">
      <PageHeader title="Playground" trail={[{ label: "Home", href: "/" }]}>
        <p>{talked ? "Talk to the AI" : "Use your plan"} and watch it being counted.</p>
      </PageHeader>
      {uses.length > 0 ? (
        <section aria-label="To be tried at once" className="mb-8">
          <UseButtons uses={uses} action={recordUseAction} />
        </section>
      ) : null}
      {talked ? <Conversation usage={talked} /> : null}
      {!talked && uses.length === 0 ? (
        <EmptyState
          icon={MessageSquare}
          title="Nothing is counted here"
          actions={<LinkButton href="/pricing">See the plans</LinkButton>}
        >
          What is sold here is access: plans differ in what they open, and none of it is used up.
        </EmptyState>
      ) : null}
    </div>
  );
}

function Conversation({ usage: { meter, windows } }: { usage: MeterUsage }) {
  const counted = windows.map(({ window, used, held, limit, end }) => ({
    window,
    used,
    held,
    limit,
    resetsAt: window === "lifetime" ? null : end.toISOString(),
  }));
  return (
    <>
      <noscript>
        <p className="mb-4">The conversation needs JavaScript: its answers arrive word by word.</p>
      </noscript>
      <Chat meter={{ key: meter.key, name: meter.name }} initialAllowance={chatAllowance(counted)} />
    </>
  );
}
