"use client";

import { ErrorState } from "@/components/error-state";

/** What stands inside a frame in place of a page that failed. */
export function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <ErrorState
      title="This page could not be shown"
      text="Something it needs did not answer. Nothing was charged or changed by this."
      error={error}
      retry={retry}
    />
  );
}
