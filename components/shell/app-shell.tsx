import type { ReactNode } from "react";
import { ToastProvider } from "@/components/overlay/toast-provider";
import type { FormAction } from "@/lib/domain/action-state";
import type { Theme } from "@/lib/domain/theme";
import { AccountMenu, type ShellAccount } from "./account-menu";
import { AppNav } from "./app-nav";
import { HomeLink } from "./home-link";
import { LocalModeBadge } from "./local-mode-badge";
import { NavDrawer } from "./nav-drawer";
import { type ShellUsage, UsageSummary } from "./usage-summary";

/** The frame of the signed-in areas: the navigation beside the page, or behind a button where there is no room. */
export function AppShell({ account, usage, isLocal, theme, signOutAction, children }: AppShellProps) {
  const summary = usage ? <UsageSummary usage={usage} /> : null;
  return (
    <ToastProvider>
      <header className="sticky top-0 z-30 border-b border-line bg-surface">
        <div className="mx-auto flex h-14 max-w-shell items-center gap-3 px-4 sm:px-6">
          <NavDrawer isPlatformAdmin={account.isPlatformAdmin} usage={summary} />
          <HomeLink nameClassName="max-[22.5rem]:sr-only" />
          {isLocal ? <LocalModeBadge /> : null}
          <div className="ml-auto flex min-w-0">
            <AccountMenu account={account} theme={theme} signOutAction={signOutAction} />
          </div>
        </div>
      </header>
      <div className="mx-auto flex w-full max-w-shell flex-1 px-4 sm:px-6">
        <aside className="sticky top-14 hidden h-[calc(100dvh-3.5rem)] w-54 shrink-0 overflow-y-auto border-r border-line py-6 pr-5 lg:block">
          <div className="-mx-0.5 px-0.5">
            <AppNav isPlatformAdmin={account.isPlatformAdmin} />
            {summary ? <div className="mt-6 border-t border-line px-2.5 pt-5">{summary}</div> : null}
          </div>
        </aside>
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 py-6 outline-none sm:py-8 lg:pl-10">
          {children}
        </main>
      </div>
    </ToastProvider>
  );
}

type AppShellProps = {
  account: ShellAccount;
  /** Null = nothing is limited, or it could not be read. */
  usage: ShellUsage | null;
  isLocal: boolean;
  theme: Theme;
  signOutAction: FormAction;
  children: ReactNode;
};
