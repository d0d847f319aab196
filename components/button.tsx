import type { ComponentProps, MouseEvent } from "react";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";
import { classNames } from "./class-names";
import { Spinner } from "./spinner";

/**
 * Does something here. While that is under way it is busy: it keeps its size, its place and the focus, and does
 * nothing when pressed again. What leads elsewhere is a `LinkButton`, what sends a form a `SubmitButton`.
 */
export function Button({
  variant = "primary",
  size,
  isBusy,
  type = "button",
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      aria-busy={isBusy}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? ignore : onClick}
      className={buttonStyle(variant, size, className)}
      {...rest}
    >
      <span className={classNames("inline-flex items-center justify-center gap-2", isBusy && "opacity-0")}>
        {children}
      </span>
      {isBusy ? (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      ) : null}
    </button>
  );
}

function ignore(event: MouseEvent): void {
  event.preventDefault();
}

export type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  isBusy?: boolean;
};
