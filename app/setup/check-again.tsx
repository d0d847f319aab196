"use client";

import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useTransition } from "react";
import { Button } from "@/components/button";

const POLL_MS = 10_000;

/** Asks every system again: when pressed, and each ten seconds while somebody looks. Without JavaScript it is a link. */
export function CheckAgain() {
  const router = useRouter();
  const [isChecking, startTransition] = useTransition();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") startTransition(() => router.refresh());
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <form
      action="/setup"
      onSubmit={(event) => {
        event.preventDefault();
        startTransition(() => router.refresh());
      }}
    >
      <Button type="submit" variant="secondary" isBusy={isChecking}>
        <RefreshCw aria-hidden className="size-4" />
        Check again
      </Button>
    </form>
  );
}
