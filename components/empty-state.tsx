import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** What stands where there is nothing yet: why, and how something gets there. */
export function EmptyState({ icon: Icon, title, actions, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded-card border border-dashed border-border px-6 py-10 text-center">
      {Icon ? (
        <span className="mb-3 grid size-10 place-items-center rounded-pill bg-sunken">
          <Icon aria-hidden className="size-5 text-muted" />
        </span>
      ) : null}
      <p className="font-semibold">{title}</p>
      {children ? <div className="mt-1 max-w-form text-muted">{children}</div> : null}
      {actions ? <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}

type EmptyStateProps = { icon?: LucideIcon; title: string; actions?: ReactNode; children?: ReactNode };
