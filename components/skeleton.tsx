import { classNames } from "./class-names";

/** Holds the place of what is still being read, in its size, so that nothing jumps when it comes. */
export function Skeleton({ className = "h-4 w-full" }: { className?: string }) {
  return (
    <span aria-hidden className={classNames("block animate-pulse rounded-control bg-pressed", className)} />
  );
}
