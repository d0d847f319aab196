import { classNames } from "./class-names";

export type ButtonVariant = "primary" | "secondary";
export type ButtonSize = "regular" | "small";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  secondary: "border border-edge bg-surface text-ink hover:bg-sunken",
};

const SIZES: Record<ButtonSize, string> = {
  regular: "min-h-11 px-4 py-2",
  small: "min-h-9 px-3 py-1 text-small",
};

/** How everything that is pressed looks, be it a button or a link. */
export function buttonStyle(
  variant: ButtonVariant,
  size: ButtonSize = "regular",
  className?: string,
): string {
  return classNames(
    "relative inline-flex items-center justify-center gap-2 rounded-control text-center font-medium",
    "cursor-pointer aria-disabled:cursor-default",
    VARIANTS[variant],
    SIZES[size],
    className,
  );
}
