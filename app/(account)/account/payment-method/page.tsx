import type { Metadata } from "next";
import { Suspense } from "react";
import { z } from "zod";
import { Card } from "@/components/card";
import { LinkButton } from "@/components/link-button";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { CardForm } from "@/components/payment-method/card-form";
import { PayingCardText } from "@/components/payment-method/paying-card-text";
import { Skeleton } from "@/components/skeleton";
import { AppError } from "@/lib/app-error";
import { getContext } from "@/lib/context";
import { stripeJsSource } from "@/lib/domain/stripe-js-source";
import { requireViewer } from "@/lib/http/viewer";
import { newId } from "@/lib/new-id";
import { adoptCard } from "@/lib/services/payment-methods/adopt-card";
import { getPayingCard } from "@/lib/services/payment-methods/get-paying-card";
import { startCardSetupAction } from "./start-card-setup-action";

export const metadata: Metadata = { title: "Card", robots: { index: false } };

const PAGE = "/account/payment-method";
const IN_USE = "In use";

/** The id of a setup, put into the address by Stripe.js when it leads back. Anything else is ignored. */
const Query = z.object({
  setup_intent: z
    .string()
    .regex(/^seti_\w{8,200}$/)
    .optional()
    .catch(undefined),
});

export default async function PaymentMethodPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const { setup_intent: setupIntentId } = Query.parse(await searchParams);
  const { customer } = await requireViewer(PAGE);
  const { env } = getContext();
  return (
    <>
      <PageHeader title="Your card" trail={[{ label: "Billing", href: "/account/billing" }]}>
        The one your plan and your purchases are charged to.
      </PageHeader>
      <div className="max-w-form space-y-6">
        <Suspense
          fallback={
            <Card title={IN_USE}>
              <Skeleton className="h-12 w-full" />
            </Card>
          }
        >
          <PayingCard customerId={customer.id} setupIntentId={setupIntentId ?? null} />
        </Suspense>
        <Card title="Another card">
          <CardForm
            source={stripeJsSource(env.stripe)}
            action={startCardSetupAction}
            attempt={newId()}
            returnUrl={`${env.appUrl}${PAGE}`}
          />
        </Card>
        <LinkButton href="/account/billing" variant="quiet">
          Back to billing
        </LinkButton>
      </div>
    </>
  );
}

/** What pays now. The way back from Stripe.js is not believed: Stripe is asked what became of the setup. */
async function PayingCard({
  customerId,
  setupIntentId,
}: {
  customerId: string;
  setupIntentId: string | null;
}) {
  const ctx = getContext();
  try {
    const isSaved = setupIntentId === null ? null : await tryAdopt(customerId, setupIntentId);
    const card = await getPayingCard(ctx, { customerId });
    return (
      <>
        {isSaved === true ? (
          <Notice tone="good" role="status" title="Your card is saved">
            It is charged from now on.
          </Notice>
        ) : null}
        {isSaved === false ? (
          <Notice tone="warning" role="status" title="The card was not saved">
            Its bank did not confirm it. Nothing was changed; try again, or use another card.
          </Notice>
        ) : null}
        <Card title={IN_USE}>
          <PayingCardText card={card} now={ctx.now} />
        </Card>
      </>
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (
      <Notice tone="warning" role="status" title="Your card cannot be shown">
        {error.publicMessage}
      </Notice>
    );
  }
}

/** An address from elsewhere has nothing to say here. */
async function tryAdopt(customerId: string, setupIntentId: string): Promise<boolean | null> {
  try {
    return await adoptCard(getContext(), { customerId, setupIntentId });
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
