import Link from "next/link";
import type { ReactNode } from "react";

/** A link inside a text. Other sites are told nothing of where the reader came from. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  const style =
    "text-accent underline decoration-accent/40 underline-offset-4 transition-colors hover:text-accent-hover hover:decoration-current";
  if (href.startsWith("/")) {
    return (
      <Link href={href} className={style}>
        {children}
      </Link>
    );
  }
  return (
    <a href={href} className={style} rel="noreferrer">
      {children}
    </a>
  );
}
