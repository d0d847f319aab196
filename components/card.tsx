import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** A sheet that holds one thing. With a `title` it is a section of the page, with its heading and its actions. */
export function Card({ id, title, description, actions, className, children }: CardProps) {
  return (
    <div
      id={id}
      className={classNames("rounded-card border border-line bg-surface p-5 shadow-card sm:p-6", className)}
    >
      {title ? (
        <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            <h2 className="text-heading">{title}</h2>
            {description ? <div className="mt-0.5 text-muted">{description}</div> : null}
          </div>
          {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
        </div>
      ) : null}
      {children}
    </div>
  );
}

type CardProps = {
  id?: string;
  /** A heading of the second level. */
  title?: string;
  description?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
};
