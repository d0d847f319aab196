"use client";

import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "@/components/class-names";

/** A link of the main navigation: says which page is open, and that the next one is on its way. */
export function NavLink({ href, label }: { href: string; label: string }) {
  const isCurrent = usePathname() === href;
  return (
    <Link
      href={href}
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(
        "relative inline-flex min-h-9 items-center rounded-control px-2.5 hover:bg-sunken hover:text-ink",
        isCurrent ? "font-medium text-ink" : "text-muted",
      )}
    >
      {label}
      <NavLinkStatus isCurrent={isCurrent} />
    </Link>
  );
}

function NavLinkStatus({ isCurrent }: { isCurrent: boolean }) {
  const { pending } = useLinkStatus();
  if (!isCurrent && !pending) return null;
  return (
    <span
      aria-hidden
      className={classNames(
        "absolute inset-x-2.5 bottom-0.5 h-0.5 rounded-pill bg-accent",
        pending && "animate-pulse",
      )}
    />
  );
}
