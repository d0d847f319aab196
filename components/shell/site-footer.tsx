import Link from "next/link";
import { ThemeSwitch } from "@/components/theme/theme-switch";
import type { Theme } from "@/lib/domain/theme";

/** What stands under the pages anybody sees. */
export function SiteFooter({ isLocal, theme }: { isLocal: boolean; theme: Theme }) {
  return (
    // At the foot of a short page it would push itself up while it is being received: its height is kept free.
    <footer className="min-h-40 border-t border-line sm:min-h-29 md:min-h-20">
      <div className="mx-auto flex max-w-page flex-wrap items-center justify-between gap-x-8 gap-y-3 px-4 py-6 text-small text-muted sm:px-6">
        <p>Tollkeeper, the billing desk of an AI product.</p>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <FooterLink href="/pricing">Pricing</FooterLink>
          <FooterLink href="/playground">Playground</FooterLink>
          {isLocal ? <FooterLink href="/setup">Set-up</FooterLink> : null}
          <ThemeSwitch serverTheme={theme} />
        </div>
      </div>
    </footer>
  );
}

function FooterLink({ href, children }: { href: string; children: string }) {
  return (
    <Link
      href={href}
      className="inline-flex min-h-8 items-center rounded-mark underline decoration-transparent underline-offset-4 transition-colors hover:text-ink hover:decoration-current"
    >
      {children}
    </Link>
  );
}
