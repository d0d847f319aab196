"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "@/components/class-names";
import { LinkPending } from "./link-pending";

/** A link in the bar on top of the pages anybody sees. */
export function SiteNavLink({ href, label }: { href: string; label: string }) {
  const isCurrent = usePathname() === href;
  return (
    <Link
      href={href}
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(
        "relative inline-flex min-h-9 items-center rounded-control px-2.5 transition-colors hover:bg-sunken hover:text-ink",
        isCurrent ? "font-medium text-ink" : "text-muted",
      )}
    >
      {label}
      <LinkPending className="absolute inset-x-2.5 bottom-1 h-0.5" />
    </Link>
  );
}
