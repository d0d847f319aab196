import type { LucideIcon } from "lucide-react";
import { classNames } from "@/components/class-names";

/** One of two to four short words that change what is shown at once. A radio group to keyboard and screen readers. */
export function SegmentedControl({ name, legend, options, className, ...group }: SegmentedControlProps) {
  const { value, defaultValue, onValueChange } = group;
  return (
    <fieldset className={className}>
      <legend className="sr-only">{legend}</legend>
      <div className="inline-flex rounded-control border border-border bg-sunken p-0.5">
        {options.map(({ value: own, label, icon: Icon, isLabelHidden }) => (
          <label
            key={own}
            title={isLabelHidden ? label : undefined}
            className={classNames(
              "relative inline-flex min-h-7 min-w-8 cursor-pointer items-center justify-center gap-1.5 rounded-mark border border-transparent px-2.5 text-small text-muted transition-colors",
              "hover:text-ink has-checked:border-border has-checked:bg-surface has-checked:font-medium has-checked:text-ink has-checked:shadow-control",
              "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent",
            )}
          >
            <input
              type="radio"
              name={name}
              value={own}
              checked={value === undefined ? undefined : value === own}
              defaultChecked={value === undefined ? defaultValue === own : undefined}
              onChange={onValueChange && (() => onValueChange(own))}
              className="absolute inset-0 cursor-pointer appearance-none rounded-mark outline-none"
            />
            {Icon ? <Icon aria-hidden className="pointer-events-none size-4" /> : null}
            <span className={classNames("pointer-events-none", isLabelHidden && "sr-only")}>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

type Segment = { value: string; label: string; icon?: LucideIcon; isLabelHidden?: boolean };

type SegmentedControlProps = {
  name: string;
  /** What is chosen here; read out, not shown. */
  legend: string;
  options: Segment[];
  className?: string;
  defaultValue?: string;
  value?: string;
  onValueChange?: (value: string) => void;
};
