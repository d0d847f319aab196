import Link from "next/link";
import type { ReactNode } from "react";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function LinkButton({ href, variant = "primary", size, className, children }: LinkButtonProps) {
  return (
    <Link href={href} className={buttonStyle(variant, size, className)}>
      {children}
    </Link>
  );
}

type LinkButtonProps = {
  href: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  className?: string;
  children: ReactNode;
};
