"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Notice } from "@/components/notice";
import { Spinner } from "@/components/spinner";
import { isLiveSubscription } from "@/lib/domain/subscription-projection";

const POLL_MS = 1_000;
/** After this long it is safe to say that the customer need not wait. */
const PATIENCE_MS = 15_000;

/**
 * Stands on the page while a payment is being confirmed. The redirect back from the payment proves nothing, so
 * it asks our own records each second until they have the subscription, then shows the page anew.
 */
export function ConfirmingPayment({ reference }: { reference: string }) {
  const isLate = useConfirmation();
  return (
    <div role="status">
      {isLate ? (
        <Notice tone="neutral" title="Still confirming your payment">
          It is safe to leave: nothing is lost, and this page will show your plan once it is confirmed. If you
          write to us, name the reference <span className="font-mono">{reference}</span>.
        </Notice>
      ) : (
        <div className="flex items-center gap-3 rounded-control border border-line bg-sunken px-4 py-3">
          <Spinner className="size-5 text-muted" />
          <p className="font-semibold">Confirming your payment…</p>
        </div>
      )}
    </div>
  );
}

/** @returns whether it takes longer than people should wait. */
function useConfirmation(): boolean {
  const router = useRouter();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const patience = setTimeout(() => setIsLate(true), PATIENCE_MS);
    async function poll(): Promise<void> {
      while (!stop.signal.aborted) {
        if (await hasLiveSubscription(stop.signal)) return router.refresh();
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
    void poll();
    return () => {
      clearTimeout(patience);
      stop.abort();
    };
  }, [router]);
  return isLate;
}

/** An answer that fails says nothing: it is asked again. */
async function hasLiveSubscription(signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch("/api/v1/billing/subscriptions", { cache: "no-store", signal });
    if (!response.ok) return false;
    // Our own endpoint; its test pins this shape.
    const body = (await response.json()) as { subscription: { status: string } | null };
    return body.subscription !== null && isLiveSubscription(body.subscription.status);
  } catch {
    return false;
  }
}
