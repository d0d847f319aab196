import type { ReactNode } from "react";
import { Breadcrumb, type Crumb } from "./breadcrumb";

/** The page's one heading, a sentence under it, what it is under above it, and what can be done beside it. */
export function PageHeader({ title, trail, actions, children }: PageHeaderProps) {
  return (
    <header className="mb-7">
      {trail ? (
        <div className="mb-2">
          <Breadcrumb trail={trail} current={title} />
        </div>
      ) : null}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <h1 className="min-w-0 text-title">{title}</h1>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
      {children ? <div className="mt-2 max-w-text text-lead text-muted">{children}</div> : null}
    </header>
  );
}

type PageHeaderProps = {
  title: string;
  /** The pages this one is under, outermost first. */
  trail?: Crumb[];
  actions?: ReactNode;
  children?: ReactNode;
};
