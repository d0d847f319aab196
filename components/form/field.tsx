import type { ComponentProps } from "react";
import { controlStyle } from "./control-style";
import { FieldFrame, type FieldProps } from "./field-frame";

/** One line to write in. What is not `required` says that it is optional. */
export function Field({ id, label, hint, error, isLabelHidden, className, ...input }: TextFieldProps) {
  return (
    <FieldFrame
      id={id}
      label={label}
      hint={hint}
      error={error}
      isLabelHidden={isLabelHidden}
      isOptional={!input.required && !input.disabled && !input.readOnly}
      className={className}
    >
      {(control) => (
        <input {...control} {...input} className={controlStyle(Boolean(error), "min-h-10 px-3 py-1.5")} />
      )}
    </FieldFrame>
  );
}

type TextFieldProps = FieldProps & Omit<ComponentProps<"input">, keyof FieldProps>;
