import type { Metadata } from "next";
import { Chat } from "@/components/chat/chat";
import { chatAllowance } from "@/components/chat/chat-allowance";
import { PageHeader } from "@/components/page-header";
import { getContext } from "@/lib/context";
import { requireViewer } from "@/lib/http/viewer";
import { getUsage } from "@/lib/services/usage/get-usage";

export const metadata: Metadata = { title: "Playground", robots: { index: false } };

/** What the chat's requests are counted in. */
const METER = "ai_requests";

export default async function PlaygroundPage() {
  const { customer } = await requireViewer("/playground");
  const { meters } = await getUsage(getContext(), { customerId: customer.id });
  const usage = meters.find(({ meter }) => meter.key === METER);
  const windows = (usage?.windows ?? []).map(({ window, used, held, limit, end }) => ({
    window,
    used,
    held,
    limit,
    resetsAt: window === "lifetime" ? null : end.toISOString(),
  }));
  return (
    <div className="mx-auto max-w-text">
      <PageHeader title="Playground" trail={[{ label: "Home", href: "/" }]}>
        <p>Talk to the AI and watch each question being counted.</p>
      </PageHeader>
      <noscript>
        <p className="mb-4">The playground needs JavaScript: its answers arrive word by word.</p>
      </noscript>
      <Chat
        meter={{ key: METER, name: usage?.meter.name ?? "requests" }}
        initialAllowance={chatAllowance(windows)}
      />
    </div>
  );
}
