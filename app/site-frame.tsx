import { type ReactNode, Suspense } from "react";
import { AccountLink } from "@/components/shell/account-link";
import { SiteShell } from "@/components/shell/site-shell";
import { envResult } from "@/lib/env";
import { findShellViewer } from "./find-shell-viewer";
import { hasSessionCookie } from "./has-session-cookie";
import { readThemeCookie } from "./read-theme-cookie";

/** The frame of the pages anybody sees. It waits for nobody: who is looking is filled in as soon as it is known. */
export async function SiteFrame({ children }: { children: ReactNode }) {
  const [theme, mayBeSignedIn] = await Promise.all([readThemeCookie(), hasSessionCookie()]);
  const result = envResult();
  return (
    <SiteShell
      account={result.ok ? <Account mayBeSignedIn={mayBeSignedIn} /> : null}
      isLocal={result.ok && result.env.local}
      theme={theme}
    >
      {children}
    </SiteShell>
  );
}

/** Without a cookie nobody is asked. With one it is most often right, so that nothing moves when the answer comes. */
function Account({ mayBeSignedIn }: { mayBeSignedIn: boolean }) {
  if (!mayBeSignedIn) return <AccountLink isSignedIn={false} />;
  return (
    <Suspense fallback={<AccountLink isSignedIn />}>
      <FoundAccount />
    </Suspense>
  );
}

async function FoundAccount() {
  const { viewer } = await findShellViewer();
  return viewer === "unknown" ? null : <AccountLink isSignedIn={viewer !== null} />;
}
