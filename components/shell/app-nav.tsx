"use client";

import {
  CreditCard,
  KeyRound,
  type LucideIcon,
  MessageSquare,
  Plug,
  ShieldCheck,
  SlidersHorizontal,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "@/components/class-names";
import { LinkPending } from "./link-pending";

type NavItem = { href: string; label: string; icon: LucideIcon };

const CUSTOMER_ITEMS: NavItem[] = [
  { href: "/account/billing", label: "Billing", icon: CreditCard },
  { href: "/playground", label: "Playground", icon: MessageSquare },
  { href: "/account/api-keys", label: "API keys", icon: KeyRound },
  { href: "/account/security", label: "Security", icon: ShieldCheck },
];

const PLATFORM_ITEMS: NavItem[] = [
  { href: "/setup", label: "Set-up", icon: SlidersHorizontal },
  { href: "/admin/api-keys", label: "Platform keys", icon: Plug },
];

/** Where a signed-in person can go. */
export function AppNav({ isPlatformAdmin, onFollow }: { isPlatformAdmin: boolean; onFollow?: () => void }) {
  return (
    <nav aria-label="Main" className="space-y-5">
      <Items items={CUSTOMER_ITEMS} onFollow={onFollow} />
      {isPlatformAdmin ? (
        <div>
          <p id="platform-nav" className="mb-1 px-2.5 text-fine text-muted">
            Platform
          </p>
          <Items items={PLATFORM_ITEMS} labelledBy="platform-nav" onFollow={onFollow} />
        </div>
      ) : null}
    </nav>
  );
}

function Items({ items, labelledBy, onFollow }: ItemsProps) {
  const pathname = usePathname();
  return (
    <ul aria-labelledby={labelledBy} className="space-y-0.5">
      {items.map(({ href, label, icon: Icon }) => {
        const isCurrent = pathname === href || pathname.startsWith(`${href}/`);
        return (
          <li key={href}>
            <Link
              href={href}
              onClick={onFollow}
              aria-current={isCurrent ? "page" : undefined}
              className={classNames(
                "relative flex min-h-9 items-center gap-2.5 rounded-control px-2.5 transition-colors hover:bg-sunken hover:text-ink",
                isCurrent ? "bg-sunken font-medium text-ink" : "text-muted",
              )}
            >
              <Icon aria-hidden className={classNames("size-4 shrink-0", isCurrent && "text-accent")} />
              {label}
              <LinkPending className="ml-auto size-1.5" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

type ItemsProps = { items: NavItem[]; labelledBy?: string; onFollow?: () => void };
