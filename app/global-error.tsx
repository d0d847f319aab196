"use client";

import "./globals.css";
import { ErrorState } from "@/components/error-state";
import { PlainShell } from "@/components/shell/plain-shell";

/** When even the root of the page failed: a page of its own. In the system's theme, as nothing read the reader's. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col font-sans text-base">
        <title>Something went wrong · Tollkeeper</title>
        <PlainShell>
          <ErrorState
            title="Something went wrong on our side"
            text="Nothing was charged or changed by this."
            error={error}
            retry={retry}
          />
        </PlainShell>
      </body>
    </html>
  );
}
