import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";

/** A button that is only a sign. `label` is its name, said to whoever cannot see the sign. */
export function IconButton({
  label,
  icon: Icon,
  variant = "quiet",
  size = "regular",
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      className={buttonStyle(variant, size, `${size === "small" ? "w-8" : "w-10"} px-0! ${className ?? ""}`)}
      {...rest}
    >
      <Icon aria-hidden className={size === "small" ? "size-4" : "size-5"} />
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "children" | "aria-label"> & {
  label: string;
  icon: LucideIcon;
  variant?: ButtonVariant;
  size?: ButtonSize;
};
