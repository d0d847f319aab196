import type { ReactNode } from "react";

/** The page's one heading, and a sentence under it. */
export function PageHeader({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="mb-8">
      <h1 className="text-title font-semibold tracking-tight">{title}</h1>
      {children ? <div className="mt-2 max-w-text text-lead text-muted">{children}</div> : null}
    </header>
  );
}
