import type { Metadata } from "next";
import { Card } from "@/components/card";
import { DescriptionList } from "@/components/description-list";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { LinkButton } from "@/components/link-button";
import { Money } from "@/components/money";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { TextLink } from "@/components/text-link";
import { AppError } from "@/lib/app-error";
import { getContext } from "@/lib/context";
import { formatMoney, intervalName } from "@/lib/domain/money";
import { requireViewer } from "@/lib/http/viewer";
import { findPrice } from "@/lib/services/checkout/find-price";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";
import { PlanChoice, subscribePath } from "./plan-choice";
import { startCheckoutAction } from "./start-checkout-action";

export const metadata: Metadata = { title: "Subscribe" };

const TRAIL = [{ label: "Pricing", href: "/pricing" }];

/** The chosen plan once more, with the button that leads to its checkout. Opening the page creates nothing. */
export default async function SubscribePage({ searchParams }: { searchParams: Promise<unknown> }) {
  const parsed = PlanChoice.safeParse(await searchParams);
  const { customer } = await requireViewer(parsed.success ? subscribePath(parsed.data) : "/pricing");
  const onSale = parsed.success ? await findOnSale(parsed.data) : null;
  if (!onSale) return <NotOnSale />;

  const { plan, price } = onSale;
  const { subscription, hasHadTrial } = await getSubscription(getContext(), { customerId: customer.id });
  if (subscription?.isLive) return <AlreadySubscribed planName={subscription.planName} />;

  const amount = `${formatMoney(price.amountMinor, price.currency)} per ${intervalName(price)}`;
  const trial = hasHadTrial ? null : plan.trial;
  return (
    <>
      <PageHeader title={`Subscribe to ${plan.name}`} trail={TRAIL}>
        <p>{plan.tagline}</p>
      </PageHeader>
      <Card className="max-w-form">
        <DescriptionList
          layout="statement"
          items={[
            {
              term: trial ? `Today, for the first ${trial.days} days` : "Today",
              detail: <Money amountMinor={trial ? 0 : price.amountMinor} currency={price.currency} />,
              isTotal: true,
            },
            { term: trial ? "After that" : "Renews at", detail: amount },
          ]}
        />
        <ActionForm
          action={startCheckoutAction}
          fields={{ plan: plan.slug, interval: price.interval, interval_count: price.intervalCount }}
          className="mt-6"
        >
          <SubmitButton className="w-full">Continue to payment</SubmitButton>
        </ActionForm>
        <p className="mt-4 text-small text-muted">
          You pay on the payment service’s own page. <TextLink href="/pricing">Choose another plan</TextLink>
        </p>
      </Card>
    </>
  );
}

/** What a hand-made or outdated address may ask for is not always sold. */
async function findOnSale({ plan, interval, interval_count: intervalCount }: PlanChoice) {
  try {
    return await findPrice(getContext(), { plan, interval, intervalCount });
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return null;
    throw error;
  }
}

function NotOnSale() {
  return (
    <>
      <PageHeader title="This is not on sale" trail={TRAIL}>
        <p>The link may be old or incomplete. The pricing page shows all there is.</p>
      </PageHeader>
      <LinkButton href="/pricing">See the plans</LinkButton>
    </>
  );
}

function AlreadySubscribed({ planName }: { planName: string | null }) {
  return (
    <>
      <PageHeader title="You already have a subscription" trail={TRAIL} />
      <Notice className="max-w-text">
        You have {planName ?? "a plan"}. Changing plans here comes later; nothing was charged.
      </Notice>
      <LinkButton href="/account/billing" className="mt-6">
        To your billing
      </LinkButton>
    </>
  );
}
