import { unstable_rethrow } from "next/navigation";
import type { ReactNode } from "react";
import { signOutAction } from "@/app/(auth)/sign-out-action";
import { AppShell } from "@/components/shell/app-shell";
import type { ShellUsage } from "@/components/shell/usage-summary";
import { getContext } from "@/lib/context";
import { openWindowWords } from "@/lib/domain/allowance-words";
import { formatDate, formatTime } from "@/lib/domain/format-date";
import { mostUsedWindow } from "@/lib/domain/most-used-window";
import { getUsage } from "@/lib/services/usage/get-usage";
import { findShellViewer } from "./find-shell-viewer";
import { readThemeCookie } from "./read-theme-cookie";
import { SiteFrame } from "./site-frame";

/** The frame of the signed-in areas, filled in for whoever is signed in; for others the one that anybody sees. */
export async function AppFrame({ children }: { children: ReactNode }) {
  const { viewer, isLocal } = await findShellViewer();
  if (!viewer || viewer === "unknown") return <SiteFrame>{children}</SiteFrame>;
  const { customer, email, isPlatformAdmin } = viewer;
  const [usage, theme] = await Promise.all([readUsage(customer.id), readThemeCookie()]);
  return (
    <AppShell
      account={{ customerName: customer.name, email, isPlatformAdmin }}
      usage={usage}
      isLocal={isLocal}
      theme={theme}
      signOutAction={signOutAction}
    >
      {children}
    </AppShell>
  );
}

/** A frame without its meter is better than no page. */
async function readUsage(customerId: string): Promise<ShellUsage | null> {
  try {
    const { meters } = await getUsage(getContext(), { customerId });
    const fullest = mostUsedWindow(meters);
    if (!fullest) return null;
    const { window, used, held, limit, end } = fullest.window;
    return {
      name: `${fullest.meter.name} ${openWindowWords(window)}`,
      used: used + held,
      limit,
      reset: window === "lifetime" ? null : window === "day" ? formatTime(end) : formatDate(end),
    };
  } catch (error) {
    unstable_rethrow(error);
    return null;
  }
}
