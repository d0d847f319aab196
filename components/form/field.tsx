import type { ComponentProps } from "react";
import { classNames } from "@/components/class-names";

/** One input with its label, and what is wrong with it right underneath, tied to it for screen readers. */
export function Field({ label, error, id, className, ...input }: FieldProps) {
  const errorId = `${id}-error`;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? errorId : undefined}
        className={classNames(
          "block min-h-11 w-full rounded-control border bg-surface px-3 py-2 placeholder:text-muted",
          error ? "border-danger" : "border-edge",
        )}
        {...input}
      />
      {error ? (
        <p id={errorId} role="alert" className="mt-1.5 text-small text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}

type FieldProps = Omit<ComponentProps<"input">, "id"> & { id: string; label: string; error?: string };
