import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** A sheet that holds one thing. */
export function Card({ id, className, children }: { id?: string; className?: string; children: ReactNode }) {
  return (
    <div
      id={id}
      className={classNames("rounded-card border border-line bg-surface p-5 shadow-card sm:p-6", className)}
    >
      {children}
    </div>
  );
}
