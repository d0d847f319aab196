import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ChoiceRow } from "./choice-row";

/** One of a few, all of them in sight. The browser's own, so arrow keys move and its form sends it. */
export function RadioGroup({ name, legend, options, hint, error, className, ...group }: RadioGroupProps) {
  const { value, defaultValue, onValueChange } = group;
  const hintId = hint ? `${name}-hint` : undefined;
  const errorId = error ? `${name}-error` : undefined;
  return (
    <fieldset
      aria-describedby={[hintId, errorId].filter(Boolean).join(" ") || undefined}
      aria-invalid={error ? true : undefined}
      className={className}
    >
      <legend className="mb-1.5 font-medium">{legend}</legend>
      {hint ? (
        <div id={hintId} className="mb-2 text-small text-muted">
          {hint}
        </div>
      ) : null}
      <div className="space-y-2">
        {options.map((option) => (
          <ChoiceRow
            key={option.value}
            id={`${name}-${option.value}`}
            label={option.label}
            hint={option.hint}
            isDisabled={option.isDisabled}
          >
            {(control) => (
              <span className="relative grid h-6 w-4.5 place-items-center">
                <input
                  type="radio"
                  name={name}
                  value={option.value}
                  {...control}
                  checked={value === undefined ? undefined : value === option.value}
                  defaultChecked={value === undefined ? defaultValue === option.value : undefined}
                  onChange={onValueChange && (() => onValueChange(option.value))}
                  className="peer size-4.5 cursor-pointer appearance-none rounded-pill border border-edge bg-surface shadow-control transition-colors checked:border-accent checked:bg-accent hover:not-checked:not-disabled:border-ink disabled:cursor-default disabled:opacity-50"
                />
                <span
                  aria-hidden
                  className="pointer-events-none absolute hidden size-2 rounded-pill bg-on-accent peer-checked:block"
                />
              </span>
            )}
          </ChoiceRow>
        ))}
      </div>
      {error ? (
        <p id={errorId} role="alert" className="mt-1.5 flex gap-1.5 text-small text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}

type RadioOption = { value: string; label: ReactNode; hint?: ReactNode; isDisabled?: boolean };

type RadioGroupProps = {
  /** Sent with the form; also what the options' ids are made of. */
  name: string;
  legend: string;
  options: RadioOption[];
  hint?: ReactNode;
  error?: string | null;
  className?: string;
  /** Chosen at first, where the browser keeps the choice. */
  defaultValue?: string;
  /** Chosen now, where the parent keeps it. */
  value?: string;
  onValueChange?: (value: string) => void;
};
