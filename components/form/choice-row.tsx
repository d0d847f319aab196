import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "@/components/class-names";

/** The row a checkbox, switch or radio button stands in, with its label beside and a hint or error under it. */
export function ChoiceRow({ id, label, hint, error, isDisabled, className, children }: ChoiceRowProps) {
  const hintId = hint ? `${id}-hint` : null;
  const errorId = error ? `${id}-error` : null;
  return (
    <div className={classNames("grid grid-cols-[auto_1fr] gap-x-2.5", className)}>
      {children({
        id,
        disabled: isDisabled,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": [hintId, errorId].filter(Boolean).join(" ") || undefined,
      })}
      <label htmlFor={id} className={isDisabled ? "text-muted" : "cursor-pointer"}>
        {label}
      </label>
      {hint && hintId ? (
        <div id={hintId} className="col-start-2 text-small text-muted">
          {hint}
        </div>
      ) : null}
      {error && errorId ? (
        <p id={errorId} role="alert" className="col-start-2 mt-0.5 flex gap-1.5 text-small text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** What the labelled choices have in common. */
export type ChoiceProps = {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null;
  isDisabled?: boolean;
  className?: string;
};

type ControlProps = {
  id: string;
  disabled: boolean | undefined;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
};

type ChoiceRowProps = ChoiceProps & { children: (control: ControlProps) => ReactNode };
