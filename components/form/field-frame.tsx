import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "@/components/class-names";

/**
 * What stands around one control: its label, a hint, and what is wrong with it right underneath. `children` spreads
 * what it is given on the control, which ties all of it to the control for screen readers.
 */
export function FieldFrame({
  id,
  label,
  hint,
  error,
  isOptional,
  isLabelHidden,
  className,
  children,
}: FieldFrameProps) {
  const hintId = hint ? `${id}-hint` : null;
  const errorId = error ? `${id}-error` : null;
  return (
    <div className={className}>
      <div
        className={classNames("mb-1.5 flex items-baseline justify-between gap-3", isLabelHidden && "sr-only")}
      >
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {/* Said to the eye only: assistive technology is told by the control that the others are required. */}
        {isOptional ? (
          <span aria-hidden className="text-small text-muted">
            Optional
          </span>
        ) : null}
      </div>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": [hintId, errorId].filter(Boolean).join(" ") || undefined,
      })}
      {hint && hintId ? (
        <div id={hintId} className="mt-1.5 text-small text-muted">
          {hint}
        </div>
      ) : null}
      {error && errorId ? (
        <p id={errorId} role="alert" className="mt-1.5 flex gap-1.5 text-small text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** What the labelled controls have in common. */
export type FieldProps = {
  /** Of the control; hint and error get theirs from it. */
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | null;
  /** The label is read out but not shown: for a control whose place says what it is. */
  isLabelHidden?: boolean;
  className?: string;
};

type ControlProps = { id: string; "aria-invalid": true | undefined; "aria-describedby": string | undefined };

type FieldFrameProps = FieldProps & {
  isOptional?: boolean;
  children: (control: ControlProps) => ReactNode;
};
