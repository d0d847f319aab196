"use client";

import { buttonStyle } from "./button-style";
import { PageHeader } from "./page-header";

/** What stands in place of a page that failed. The reference is what its log entry carries. */
export function ErrorState({
  title,
  text,
  error,
  retry,
}: {
  title: string;
  text: string;
  error: unknown;
  retry: () => void;
}) {
  const reference = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <div role="alert">
      <PageHeader title={title}>
        <p>{text}</p>
      </PageHeader>
      <button type="button" onClick={retry} className={buttonStyle("primary")}>
        Try again
      </button>
      {reference ? <p className="mt-6 text-small text-muted">Reference: {reference}</p> : null}
    </div>
  );
}
