import type { ComponentProps } from "react";
import { type ChoiceProps, ChoiceRow } from "./choice-row";

/** On or off, in force at once; what is first sent with a form is a `Checkbox`. */
export function Switch({ id, label, hint, error, isDisabled, className, ...input }: SwitchProps) {
  return (
    <ChoiceRow id={id} label={label} hint={hint} error={error} isDisabled={isDisabled} className={className}>
      {(control) => (
        <span className="relative my-0.5 inline-grid h-5 w-9 items-center">
          <input
            type="checkbox"
            // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox tells its state by itself, whatever its role.
            role="switch"
            {...control}
            {...input}
            className="peer absolute inset-0 cursor-pointer appearance-none rounded-pill border border-edge bg-sunken transition-colors checked:border-accent checked:bg-accent disabled:cursor-default disabled:opacity-50"
          />
          <span
            aria-hidden
            className="pointer-events-none relative ml-[3px] size-3.5 rounded-pill bg-edge transition-[translate,background-color] peer-checked:translate-x-4 peer-checked:bg-on-accent peer-disabled:opacity-60"
          />
        </span>
      )}
    </ChoiceRow>
  );
}

type SwitchProps = ChoiceProps &
  Omit<ComponentProps<"input">, keyof ChoiceProps | "type" | "role" | "disabled">;
