import type { ReactNode } from "react";
import type { Theme } from "@/lib/domain/theme";
import { HomeLink } from "./home-link";
import { LocalModeBadge } from "./local-mode-badge";
import { SiteFooter } from "./site-footer";
import { SiteNavLink } from "./site-nav-link";

/** The frame of the pages anybody sees. Slim: whoever comes to look loads nothing that only customers need. */
export function SiteShell({ account, isLocal, theme, children }: SiteShellProps) {
  return (
    <>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex min-h-14 max-w-page items-center gap-3 px-4 sm:px-6">
          <HomeLink nameClassName="max-[26rem]:sr-only" />
          {isLocal ? <LocalModeBadge /> : null}
          <nav aria-label="Main" className="ml-auto">
            <SiteNavLink href="/pricing" label="Pricing" />
          </nav>
          {account}
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-page flex-1 px-4 py-8 outline-none sm:px-6 sm:py-12"
      >
        {children}
      </main>
      <SiteFooter isLocal={isLocal} theme={theme} />
    </>
  );
}

type SiteShellProps = {
  /** An `AccountLink`; nothing where it could not be asked who is looking. */
  account: ReactNode;
  isLocal: boolean;
  theme: Theme;
  children: ReactNode;
};
