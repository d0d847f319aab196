import { ChevronRight } from "lucide-react";
import Link from "next/link";

export type Crumb = { label: string; href?: string };

/** Where a page stands: what it is under, outermost first. The page itself is named by its heading below. */
export function Breadcrumb({ trail, current }: { trail: Crumb[]; current: string }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap items-center gap-x-1.5 text-small text-muted">
        {trail.map(({ label, href }) => (
          <li key={label} className="flex items-center gap-1.5">
            {href ? (
              <Link
                href={href}
                className="inline-flex min-h-6 items-center rounded-mark hover:text-ink hover:underline"
              >
                {label}
              </Link>
            ) : (
              label
            )}
            <ChevronRight aria-hidden className="size-3.5 text-edge" />
          </li>
        ))}
        <li aria-current="page" className="inline-flex min-h-6 items-center text-ink">
          {current}
        </li>
      </ol>
    </nav>
  );
}
