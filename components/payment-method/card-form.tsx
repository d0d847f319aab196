"use client";

import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
import type { Appearance, Stripe, StripeElements, StripeElementsOptionsMode } from "@stripe/stripe-js";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/skeleton";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";
import type { StripeJsSource } from "@/lib/domain/stripe-js-source";
import { openStripeJs } from "./open-stripe-js";
import { readStripeAppearance, watchColorScheme } from "./stripe-appearance";

/**
 * Saves a card with Stripe's own fields: they stand in frames of Stripe's, and no number touches this page. What
 * Stripe says of a card is shown in its words; the form stays as it was typed. (S1-105, S1-106)
 */
export function CardForm({ source, action, attempt, returnUrl }: CardFormProps) {
  const { publishableKey, localScriptUrl } = source;
  const [stripe, setStripe] = useState<Stripe | null>(null);
  const [appearance, setAppearance] = useState<Appearance>();
  const [hasFailed, setHasFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const frame = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is one more run of the same
  useEffect(() => {
    let isGone = false;
    openStripeJs({ publishableKey, localScriptUrl }).then(
      (opened) => !isGone && setStripe(opened),
      () => !isGone && setHasFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, [publishableKey, localScriptUrl, tries]);

  useEffect(() => {
    const read = () => frame.current && setAppearance(readStripeAppearance(frame.current));
    read();
    return watchColorScheme(read);
  }, []);

  return (
    <div ref={frame}>
      {hasFailed ? (
        <Notice
          tone="warning"
          role="alert"
          title="The card fields could not be loaded"
          actions={
            <Button
              variant="secondary"
              size="small"
              onClick={() => {
                setHasFailed(false);
                setTries(tries + 1);
              }}
            >
              Try again
            </Button>
          }
        >
          They come from the payment service. Check your connection, or whether something blocks it.
        </Notice>
      ) : stripe && appearance ? (
        <Elements stripe={stripe} options={{ ...OPTIONS, appearance }}>
          <Fields action={action} attempt={attempt} returnUrl={returnUrl} />
        </Elements>
      ) : (
        <Loading />
      )}
    </div>
  );
}

type CardFormProps = {
  source: StripeJsSource;
  /** Begins the saving; what it makes is the secret that finishes it. */
  action: FormAction;
  /** One showing of the form: pressed twice, one card is saved. The first one given is kept. */
  attempt: string;
  /** Where Stripe leads back to, whole. */
  returnUrl: string;
};

const OPTIONS: StripeElementsOptionsMode = {
  mode: "setup",
  currency: "usd",
  allowedPaymentMethodTypes: ["card"],
};

/** Saved, the page is being left for its next one; what is missing in a field stands beside it and needs no more words. */
type Outcome = "saved" | { refusal: string | null };

function Fields({ action, attempt: firstAttempt, returnUrl }: Omit<CardFormProps, "source">) {
  const [attempt] = useState(firstAttempt);
  const stripe = useStripe();
  const elements = useElements();
  const [isReady, setIsReady] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!stripe || !elements || isSaving) return;
    setIsSaving(true);
    setRefusal(null);
    const outcome = await saveCard(stripe, elements);
    if (outcome === "saved") return;
    setRefusal(outcome.refusal);
    setIsSaving(false);
  }

  async function saveCard(stripe: Stripe, elements: StripeElements): Promise<Outcome> {
    try {
      const { error: incomplete } = await elements.submit();
      if (incomplete) return { refusal: null };
      const form = new FormData();
      form.set("attempt", attempt);
      const begun = await action(INITIAL_ACTION_STATE, form);
      if (!begun.ok || !begun.made)
        return { refusal: begun.message ?? "This did not work. Please try again." };
      const { error } = await stripe.confirmSetup({
        elements,
        clientSecret: begun.made,
        confirmParams: { return_url: returnUrl },
      });
      return error ? { refusal: error.message ?? "The card was not saved." } : "saved";
    } catch {
      return { refusal: "There was no answer. Nothing was changed; check your connection and try again." };
    }
  }

  return (
    <form onSubmit={save} className="space-y-5" aria-label="Card">
      {/* Laid out from the start, so that the fields have their height when they are shown. */}
      <div className={isReady ? undefined : "invisible h-0 overflow-hidden"}>
        <PaymentElement onReady={() => setIsReady(true)} />
      </div>
      {isReady ? null : <Loading />}
      {refusal ? (
        <Notice tone="danger" role="alert">
          {refusal}
        </Notice>
      ) : null}
      <Button type="submit" isBusy={isSaving} disabled={!isReady} className="w-full">
        Save this card
      </Button>
    </form>
  );
}

/** As high as the fields that will stand there, so that nothing moves. */
function Loading() {
  return (
    <div role="status" className="min-h-104 space-y-10 pt-12">
      <span className="sr-only">The card fields are being loaded…</span>
      <Skeleton className="h-10 w-full" />
      <Skeleton className="h-10 w-full" />
      <Skeleton className="h-10 w-full" />
      <Skeleton className="h-10 w-full" />
    </div>
  );
}
