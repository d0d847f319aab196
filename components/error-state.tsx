"use client";

import { Button } from "./button";
import { buttonStyle } from "./button-style";

/**
 * What stands in place of a page that failed. The reference is what its log entry carries. Every page brings it along, so
 * it is made of little; and its link loads the front page anew, because what runs here has just failed.
 */
export function ErrorState({ title, text, error, retry }: ErrorStateProps) {
  const reference = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <div role="alert">
      <h1 className="text-title">{title}</h1>
      <p className="mt-2 mb-7 max-w-text text-lead text-muted">{text}</p>
      <div className="flex flex-wrap gap-3">
        <Button onClick={retry}>Try again</Button>
        <a href="/" className={buttonStyle("secondary")}>
          To the front page
        </a>
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
