import { ChevronsUpDown } from "lucide-react";
import type { ComponentProps } from "react";
import { controlStyle } from "./control-style";
import { FieldFrame, type FieldProps } from "./field-frame";

/**
 * One of many. The browser's own list rather than one of ours: it works before and without JavaScript, is sent with
 * its form, and telephones show it the way their owners know.
 */
export function SelectField({
  id,
  label,
  hint,
  error,
  isLabelHidden,
  className,
  options,
  ...select
}: SelectFieldProps) {
  return (
    <FieldFrame
      id={id}
      label={label}
      hint={hint}
      error={error}
      isLabelHidden={isLabelHidden}
      className={className}
    >
      {(control) => (
        <div className="relative">
          <select
            {...control}
            {...select}
            className={controlStyle(
              Boolean(error),
              "min-h-10 cursor-pointer appearance-none py-1.5 pr-9 pl-3",
            )}
          >
            {options.map((option) => (
              <option
                key={option.value}
                value={option.value}
                disabled={option.isDisabled}
                className="bg-surface text-ink"
              >
                {option.label}
              </option>
            ))}
          </select>
          <ChevronsUpDown
            aria-hidden
            className="pointer-events-none absolute inset-y-0 right-3 my-auto size-4 text-muted"
          />
        </div>
      )}
    </FieldFrame>
  );
}

export type SelectOption = { value: string; label: string; isDisabled?: boolean };

type SelectFieldProps = FieldProps &
  Omit<ComponentProps<"select">, keyof FieldProps | "children"> & { options: SelectOption[] };
