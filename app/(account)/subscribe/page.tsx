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
import { chooseCurrency, soldCurrencies } from "@/lib/domain/currency-choice";
import { formatMoney, intervalName } from "@/lib/domain/money";
import { taxLine } from "@/lib/domain/tax-words";
import { requireViewer } from "@/lib/http/viewer";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
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
  const ctx = getContext();
  const { subscription, hasHadTrial, currency } = await getSubscription(ctx, { customerId: customer.id });
  const onSale = parsed.success ? await findOnSale(parsed.data, currency) : null;
  if (!onSale) return <NotOnSale />;
  if (subscription?.isLive) return <AlreadySubscribed planName={subscription.planName} />;

  const { plan, price, policy, currencyNote } = onSale;

  const amount = `${formatMoney(price.amountMinor, price.currency)} per ${intervalName(price)}`;
  const trial = hasHadTrial ? null : plan.trial;
  return (
    <>
      <PageHeader title={`Subscribe to ${plan.name}`} trail={TRAIL}>
        <p>{plan.tagline}</p>
      </PageHeader>
      <Card className="max-w-form">
        {currencyNote ? <p className="mb-4 text-small text-muted">{currencyNote}</p> : null}
        <DescriptionList
          layout="statement"
          items={[
            {
              term: trial ? `Today, for the first ${trial.days} days` : "Today",
              detail: <Money amountMinor={trial ? 0 : price.amountMinor} currency={price.currency} />,
              isTotal: true,
            },
            { term: "Tax", detail: taxLine(policy) },
            policy.autoRenews || trial
              ? { term: trial ? "After that" : "Renews at", detail: amount }
              : { term: "Renews", detail: `No. It ends with the ${intervalName(price)} you pay for.` },
          ]}
        />
        <ActionForm
          action={startCheckoutAction}
          fields={{
            plan: plan.slug,
            interval: price.interval,
            interval_count: price.intervalCount,
            currency: price.currency,
          }}
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

/**
 * What a hand-made or outdated address may ask for is not always sold. Whoever chose before signing in may have chosen
 * another currency than their account keeps: then they get the account's, and are told.
 */
async function findOnSale(choice: PlanChoice, kept: string | null) {
  const { plan, interval, interval_count: intervalCount } = choice;
  const ctx = getContext();
  const catalogue = await getCatalogue(ctx);
  const { currency, note } = chooseCurrency(soldCurrencies(catalogue), { asked: choice.currency, kept });
  const isOther = choice.currency !== undefined && choice.currency !== currency;
  try {
    const found = await findPrice(ctx, { plan, interval, intervalCount, currency }, kept);
    return { ...found, policy: catalogue.policy, currencyNote: isOther ? note : null };
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
