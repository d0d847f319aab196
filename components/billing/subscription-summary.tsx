import { Card } from "@/components/card";
import { LinkButton } from "@/components/link-button";
import { Notice } from "@/components/notice";
import type { Access } from "@/lib/domain/access";
import { billingStatus } from "@/lib/domain/billing-status";
import type { PlanPrice } from "@/lib/domain/catalogue";
import { formatDate } from "@/lib/domain/format-date";
import { formatMoney, intervalName } from "@/lib/domain/money";

/** The plan a customer has, what state it is in, and what is paid next. */
export function SubscriptionSummary({
  access,
  autoRenews,
  planName,
  subscription,
}: SubscriptionSummaryProps) {
  const status = billingStatus({ access, autoRenews, planName, subscription });
  return (
    <Card>
      <h2 className="text-small text-muted">Your plan</h2>
      <p className="text-figure">{planName}</p>
      <Notice tone={status.tone} title={status.title} className="mt-4">
        {status.text}
      </Notice>
      <NextBilling subscription={subscription} />
      <div className="mt-5 flex flex-wrap gap-2">
        <LinkButton href="/pricing" variant="secondary">
          See the plans
        </LinkButton>
        {subscription?.endedAt === null ? (
          <LinkButton href="/account/payment-method" variant="secondary">
            Change the card
          </LinkButton>
        ) : null}
      </div>
    </Card>
  );
}

type SummarizedSubscription = {
  /** Stripe's, verbatim. */
  status: string;
  price: PlanPrice | null;
  planName: string | null;
  currentPeriodEnd: Date;
  trialEnd: Date | null;
  cancelAtPeriodEnd: boolean;
  endedAt: Date | null;
};

type SubscriptionSummaryProps = {
  access: Access;
  autoRenews: boolean;
  planName: string;
  subscription: SummarizedSubscription | null;
};

function NextBilling({ subscription }: { subscription: SummarizedSubscription | null }) {
  const isRenewing = subscription?.status === "trialing" || subscription?.status === "active";
  if (!subscription || !isRenewing || subscription.cancelAtPeriodEnd) return null;
  const { price, currentPeriodEnd } = subscription;
  return (
    <p className="mt-4">
      Next billing: <span className="font-semibold">{formatDate(currentPeriodEnd)}</span>
      {price ? `, ${formatMoney(price.amountMinor, price.currency)} for the ${intervalName(price)}` : null}
    </p>
  );
}
