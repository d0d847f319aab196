import { classNames } from "./class-names";

/**
 * `primary` is what the page is for, at most one in sight; `secondary` stands beside it; `quiet` repeats in rows and
 * bars; `danger` takes something away for good.
 */
export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "regular" | "small";

// Every variant has a border, if only a transparent one: it is what remains where the system takes colours away.
const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    "border-transparent bg-accent text-on-accent shadow-control hover:bg-accent-hover active:bg-accent-active",
  secondary: "border-border bg-surface text-ink shadow-control hover:bg-sunken active:bg-pressed",
  quiet: "border-transparent text-ink hover:bg-sunken active:bg-pressed",
  danger:
    "border-transparent bg-danger text-on-danger shadow-control hover:bg-danger-hover active:bg-danger-active",
};

const SIZES: Record<ButtonSize, string> = {
  regular: "min-h-10 px-4 py-1.5",
  small: "min-h-8 px-3 py-1 text-small",
};

/** How everything that is pressed looks, be it a button or a link. */
export function buttonStyle(
  variant: ButtonVariant,
  size: ButtonSize = "regular",
  className?: string,
): string {
  return classNames(
    "relative inline-flex cursor-pointer items-center justify-center gap-2 rounded-control border text-center font-medium",
    "transition-colors select-none",
    "disabled:cursor-default disabled:opacity-50 disabled:shadow-none",
    "aria-disabled:cursor-default not-aria-busy:aria-disabled:opacity-50",
    VARIANTS[variant],
    SIZES[size],
    className,
  );
}
