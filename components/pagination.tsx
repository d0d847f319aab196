import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonStyle } from "./button-style";

/** Leads through a list that grows at its head: no page numbers, which would shift under the reader. */
export function Pagination({ label, newerHref, olderHref, summary }: PaginationProps) {
  return (
    <nav aria-label={label} className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p className="text-small text-muted">{summary}</p>
      <div className="flex gap-2">
        <Step href={newerHref} rel="prev">
          <ChevronLeft aria-hidden className="size-4" /> Newer
        </Step>
        <Step href={olderHref} rel="next">
          Older <ChevronRight aria-hidden className="size-4" />
        </Step>
      </div>
    </nav>
  );
}

type PaginationProps = {
  label: string;
  /** Null = this is the end. */
  newerHref: string | null;
  olderHref: string | null;
  summary?: string;
};

function Step({ href, rel, children }: { href: string | null; rel: "prev" | "next"; children: ReactNode }) {
  const style = buttonStyle("secondary", "small");
  if (href) {
    return (
      <Link href={href} rel={rel} className={style}>
        {children}
      </Link>
    );
  }
  return (
    <button type="button" disabled className={style}>
      {children}
    </button>
  );
}
