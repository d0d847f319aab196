import type { ReactNode } from "react";
import { ProductMark } from "./product-mark";

/** The frame of a page that asks nobody anything: no account, no links that may be out of order themselves. */
export function PlainShell({ children }: { children: ReactNode }) {
  return (
    <>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex min-h-14 max-w-page items-center px-4 sm:px-6">
          {/* Loads the page anew: where this frame stands, what runs here may have failed. */}
          <a
            href="/"
            className="inline-flex min-h-9 items-center gap-2.5 rounded-control font-semibold tracking-tight"
          >
            <ProductMark />
            Tollkeeper
          </a>
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-page flex-1 px-4 py-12 outline-none sm:px-6 sm:py-20"
      >
        {children}
      </main>
    </>
  );
}
