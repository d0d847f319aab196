import { classNames } from "@/components/class-names";

/** How everything that is written or chosen in looks. */
export function controlStyle(isWrong: boolean, className?: string): string {
  return classNames(
    "block w-full rounded-control border bg-surface text-input shadow-control transition-colors sm:text-base",
    "placeholder:text-muted focus-visible:outline-offset-0",
    "disabled:bg-sunken disabled:text-muted disabled:shadow-none read-only:not-disabled:not-[select]:bg-sunken",
    isWrong ? "border-danger" : "border-edge hover:not-disabled:border-ink/60",
    className,
  );
}
