import type { ReactNode } from "react";
import { SiteShell } from "@/components/shell/site-shell";
import { findShellViewer } from "./find-shell-viewer";
import { readThemeCookie } from "./read-theme-cookie";

/** The frame of the pages anybody sees, filled in for whoever is looking. */
export async function SiteFrame({ children }: { children: ReactNode }) {
  const [{ viewer, isLocal }, theme] = await Promise.all([findShellViewer(), readThemeCookie()]);
  const account = viewer === "unknown" ? "unknown" : viewer ? "signed_in" : "signed_out";
  return (
    <SiteShell account={account} isLocal={isLocal} theme={theme}>
      {children}
    </SiteShell>
  );
}
