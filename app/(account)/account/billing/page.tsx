import type { Metadata } from "next";
import { Suspense } from "react";
import { z } from "zod";
import { ConfirmingPayment } from "@/components/billing/confirming-payment";
import { InvoiceList } from "@/components/billing/invoice-list";
import { SubscriptionSummary } from "@/components/billing/subscription-summary";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { Spinner } from "@/components/spinner";
import { UsageCard } from "@/components/usage/usage-card";
import { AppError } from "@/lib/app-error";
import { getContext } from "@/lib/context";
import { requireViewer } from "@/lib/http/viewer";
import { isCheckoutOpen } from "@/lib/services/checkout/is-checkout-open";
import { listInvoices } from "@/lib/services/invoices/list-invoices";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";
import { getUsage } from "@/lib/services/usage/get-usage";

export const metadata: Metadata = { title: "Billing", robots: { index: false } };

/** The id of a checkout session, put into the address by Stripe's redirect. Anything else is ignored. */
const Query = z.object({
  session_id: z
    .string()
    .regex(/^cs_\w{8,200}$/)
    .optional()
    .catch(undefined),
});

export default async function BillingPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const { session_id: sessionId } = Query.parse(await searchParams);
  const { customer } = await requireViewer(
    sessionId ? `/account/billing?session_id=${sessionId}` : "/account/billing",
  );
  return (
    <>
      <PageHeader title="Billing" trail={[{ label: "Home", href: "/" }]} />
      {sessionId ? (
        <Suspense fallback={<Asking />}>
          <ReturnedFromPayment customerId={customer.id} sessionId={sessionId} />
        </Suspense>
      ) : (
        <Overview customerId={customer.id} />
      )}
    </>
  );
}

/**
 * After a payment. The redirect is not believed: Stripe is read again, for the viewer's own customer whatever
 * the address says. Until our records have the subscription the page says so, and offers nothing to buy.
 */
async function ReturnedFromPayment({ customerId, sessionId }: { customerId: string; sessionId: string }) {
  const refusal = await trySync(customerId);
  const { subscription } = await getSubscription(getContext(), { customerId });
  // An address from long ago, or somebody else's, has nothing to wait for.
  const isAwaited = await isCheckoutOpen(getContext(), { customerId, stripeSessionId: sessionId });
  if (subscription?.isLive || !isAwaited) return <Overview customerId={customerId} />;
  return (
    <div className="max-w-text space-y-5">
      <ConfirmingPayment reference={sessionId.slice(-8)} />
      {refusal ? (
        <Notice tone="warning" title="The payment service does not answer at the moment">
          We keep trying. What you paid is safe, and nothing is charged twice.
        </Notice>
      ) : null}
    </div>
  );
}

async function trySync(customerId: string): Promise<AppError | null> {
  try {
    await syncCustomer(getContext(), { customerId });
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function Overview({ customerId }: { customerId: string }) {
  const ctx = getContext();
  const [{ access, autoRenews, plan, subscription }, usage, invoices] = await Promise.all([
    getSubscription(ctx, { customerId }),
    getUsage(ctx, { customerId }),
    listInvoices(ctx, { customerId, page: { limit: 12, after: null } }),
  ]);
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <SubscriptionSummary
          access={access}
          autoRenews={autoRenews}
          planName={plan.name}
          subscription={subscription}
        />
        <UsageCard meters={usage.meters} asOf={usage.asOf} />
        <div className="lg:col-span-2">
          <InvoiceList invoices={invoices.items} />
        </div>
      </div>
      <p className="mt-5 text-small text-muted">All dates are in UTC.</p>
    </>
  );
}

/** While Stripe is being asked. */
function Asking() {
  return (
    <p
      role="status"
      className="flex items-center gap-3 rounded-control border border-line bg-sunken px-4 py-3 font-semibold"
    >
      <Spinner className="size-5 text-muted" />
      Asking the payment service…
    </p>
  );
}
