"use client";

import { useLinkStatus } from "next/link";
import { classNames } from "@/components/class-names";

/** Inside a link: a mark that appears while the page behind it is on its way, if that takes long enough to notice. */
export function LinkPending({ className }: { className: string }) {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden
      className={classNames(
        "pointer-events-none rounded-pill bg-accent transition-opacity",
        pending ? "animate-pulse opacity-100 delay-150" : "opacity-0",
        className,
      )}
    />
  );
}
