import { Check } from "lucide-react";
import type { ComponentProps } from "react";
import { type ChoiceProps, ChoiceRow } from "./choice-row";

/** Yes or no, sent with its form. The browser's own checkbox, so it works before and without JavaScript. */
export function Checkbox({ id, label, hint, error, isDisabled, className, ...input }: CheckboxProps) {
  return (
    <ChoiceRow id={id} label={label} hint={hint} error={error} isDisabled={isDisabled} className={className}>
      {(control) => (
        <span className="relative grid h-6 w-4.5 place-items-center">
          <input
            type="checkbox"
            {...control}
            {...input}
            className="peer size-4.5 cursor-pointer appearance-none rounded-mark border border-edge bg-surface shadow-control transition-colors checked:border-accent checked:bg-accent hover:not-checked:not-disabled:border-ink disabled:cursor-default disabled:opacity-50 aria-invalid:border-danger"
          />
          <Check
            aria-hidden
            strokeWidth={3}
            className="pointer-events-none absolute hidden size-3.5 text-on-accent peer-checked:block"
          />
        </span>
      )}
    </ChoiceRow>
  );
}

type CheckboxProps = ChoiceProps & Omit<ComponentProps<"input">, keyof ChoiceProps | "type" | "disabled">;
