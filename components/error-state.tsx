"use client";

import { Button } from "./button";
import { LinkButton } from "./link-button";
import { PageHeader } from "./page-header";

/** What stands in place of a page that failed. The reference is what its log entry carries. */
export function ErrorState({ title, text, error, retry }: ErrorStateProps) {
  const reference = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <div role="alert">
      <PageHeader title={title}>
        <p>{text}</p>
      </PageHeader>
      <div className="flex flex-wrap gap-3">
        <Button onClick={retry}>Try again</Button>
        <LinkButton href="/" variant="secondary">
          To the front page
        </LinkButton>
      </div>
      {reference ? (
        <p className="mt-6 text-small text-muted">
          If you write to us, name the reference <span className="font-mono">{reference}</span>.
        </p>
      ) : null}
    </div>
  );
}

type ErrorStateProps = { title: string; text: string; error: unknown; retry: () => void };
