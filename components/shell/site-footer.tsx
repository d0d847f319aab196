import Link from "next/link";

/** What stands under every page. */
export function SiteFooter({ isLocal }: { isLocal: boolean }) {
  return (
    <footer className="border-t border-line">
      <div className="mx-auto flex max-w-page flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-6 text-small text-muted sm:px-6">
        <p>Tollkeeper, the billing desk of an AI product.</p>
        {isLocal ? (
          <Link
            href="/setup"
            className="inline-flex min-h-8 items-center underline decoration-edge underline-offset-4 hover:text-ink"
          >
            Set-up
          </Link>
        ) : null}
      </div>
    </footer>
  );
}
