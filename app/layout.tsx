import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { ConnectionBanner } from "@/components/shell/connection-banner";
import { SkipLink } from "@/components/shell/skip-link";
import { envResult } from "@/lib/env";
import { readThemeCookie } from "./read-theme-cookie";
import "./globals.css";

// Who is looking and what is sold are read at each request, and a build needs no database.
export const dynamic = "force-dynamic";

/** The colours of the bar on top of every page, for the browser's own frame around it. */
const BAR_COLORS = { light: "#ffffff", dark: "#191c1a" };

export async function generateViewport(): Promise<Viewport> {
  const theme = await readThemeCookie();
  if (theme !== "system") return { colorScheme: theme, themeColor: BAR_COLORS[theme] };
  return {
    colorScheme: "light dark",
    themeColor: [
      { media: "(prefers-color-scheme: light)", color: BAR_COLORS.light },
      { media: "(prefers-color-scheme: dark)", color: BAR_COLORS.dark },
    ],
  };
}

export function generateMetadata(): Metadata {
  const result = envResult();
  return {
    metadataBase: result.ok ? new URL(result.env.appUrl) : null,
    title: { default: "Tollkeeper", template: "%s · Tollkeeper" },
    description: "The billing desk of an AI product: plans, usage and limits, exact to the last request.",
  };
}

/** What every page has, whatever fails: its theme, and the way past its frame. The frames are the groups' layouts. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = await readThemeCookie();
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <body className="flex min-h-dvh flex-col font-sans text-base">
        <SkipLink />
        {children}
        <ConnectionBanner />
      </body>
    </html>
  );
}
