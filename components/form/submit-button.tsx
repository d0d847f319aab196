"use client";

import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "@/components/button-style";

/**
 * The button that sends its form. While that is under way it is busy: it keeps its size and its place, keeps
 * the focus, and does nothing when pressed again.
 */
export function SubmitButton({
  variant = "primary",
  size,
  className,
  describedBy,
  children,
}: SubmitButtonProps) {
  const { pending } = useFormStatus();
  return (
    <button
      type="submit"
      aria-busy={pending}
      aria-disabled={pending}
      aria-describedby={describedBy}
      onClick={(event) => pending && event.preventDefault()}
      className={buttonStyle(variant, size, className)}
    >
      <span className={pending ? "opacity-0" : undefined}>{children}</span>
      {pending ? (
        <span className="absolute inset-0 grid place-items-center">
          <LoaderCircle aria-hidden className="size-5 animate-spin" />
        </span>
      ) : null}
    </button>
  );
}

type SubmitButtonProps = {
  variant?: ButtonVariant;
  size?: ButtonSize;
  className?: string;
  describedBy?: string;
  children: ReactNode;
};
