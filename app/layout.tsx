import type { Metadata, Viewport } from "next";
import { unstable_rethrow } from "next/navigation";
import type { ReactNode } from "react";
import { signOutAction } from "@/app/(auth)/sign-out-action";
import { SiteFooter } from "@/components/shell/site-footer";
import { SiteHeader } from "@/components/shell/site-header";
import { envResult } from "@/lib/env";
import { getViewer } from "@/lib/http/viewer";
import "./globals.css";

// Who is looking and what is sold are read at each request, and a build needs no database.
export const dynamic = "force-dynamic";

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#1a1d1b" },
  ],
};

export function generateMetadata(): Metadata {
  const result = envResult();
  return {
    metadataBase: result.ok ? new URL(result.env.appUrl) : null,
    title: { default: "Tollkeeper", template: "%s · Tollkeeper" },
    description: "The billing desk of an AI product: plans, usage and limits, exact to the last request.",
  };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { account, isLocal } = await readShell();
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col font-sans text-base">
        <a
          href="#main"
          className="sr-only rounded-control bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10"
        >
          Skip to content
        </a>
        <SiteHeader account={account} isLocal={isLocal} signOutAction={signOutAction} />
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-page flex-1 px-4 py-8 outline-none sm:px-6 sm:py-12"
        >
          {children}
        </main>
        <SiteFooter isLocal={isLocal} />
      </body>
    </html>
  );
}

/** The frame stands even where nothing else does: without its variables, and without a database. */
async function readShell(): Promise<{ account: { email: string } | null | "unknown"; isLocal: boolean }> {
  const result = envResult();
  if (!result.ok) return { account: "unknown", isLocal: false };
  try {
    const viewer = await getViewer();
    return { account: viewer && { email: viewer.email }, isLocal: result.env.local };
  } catch (error) {
    unstable_rethrow(error);
    // Whichever page needs the viewer meets the same error and shows it.
    return { account: "unknown", isLocal: result.env.local };
  }
}
