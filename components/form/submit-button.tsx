"use client";

import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "@/components/button";

/** The button that sends its form, busy while that is under way. */
export function SubmitButton({ describedBy, ...rest }: SubmitButtonProps) {
  const { pending } = useFormStatus();
  return <Button type="submit" isBusy={pending} aria-describedby={describedBy} {...rest} />;
}

type SubmitButtonProps = Omit<ButtonProps, "type" | "isBusy"> & { describedBy?: string };
