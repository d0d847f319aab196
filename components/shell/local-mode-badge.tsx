import Link from "next/link";

/** Says on every page that nothing here is real: stand-ins on this machine, and no money. */
export function LocalModeBadge() {
  return (
    <Link
      href="/setup"
      title="Everything runs on this machine and no money moves"
      className="inline-flex min-h-6 items-center rounded-pill border border-border px-2 text-fine whitespace-nowrap text-muted transition-colors hover:bg-sunken hover:text-ink"
    >
      Local<span className="max-sm:sr-only">&nbsp;mode</span>
    </Link>
  );
}
