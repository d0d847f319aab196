import type { ComponentProps } from "react";
import { controlStyle } from "./control-style";
import { FieldFrame, type FieldProps } from "./field-frame";

/** Several lines to write in; it grows with what is written. */
export function TextareaField({
  id,
  label,
  hint,
  error,
  isLabelHidden,
  className,
  ...textarea
}: TextareaFieldProps) {
  return (
    <FieldFrame
      id={id}
      label={label}
      hint={hint}
      error={error}
      isLabelHidden={isLabelHidden}
      isOptional={!textarea.required && !textarea.disabled && !textarea.readOnly}
      className={className}
    >
      {(control) => (
        <textarea
          {...control}
          {...textarea}
          className={controlStyle(Boolean(error), "field-sizing-content max-h-80 min-h-24 px-3 py-2")}
        />
      )}
    </FieldFrame>
  );
}

type TextareaFieldProps = FieldProps & Omit<ComponentProps<"textarea">, keyof FieldProps>;
