"use client";

import "./globals.css";
import { ErrorState } from "@/components/error-state";

/** When even the frame of the page failed: a page of its own. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh font-sans text-base">
        <title>Something went wrong · Tollkeeper</title>
        <main className="mx-auto max-w-text px-4 py-16">
          <ErrorState
            title="Something went wrong on our side"
            text="Nothing was charged or changed by this."
            error={error}
            retry={retry}
          />
        </main>
      </body>
    </html>
  );
}
