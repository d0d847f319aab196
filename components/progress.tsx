/** How far something that is under way has come. What is used of an allowance is a `Meter`. */
export function Progress({ label, value, text }: { label: string; value: number | null; text?: string }) {
  return (
    <div>
      <div className="mb-1.5 flex justify-between gap-4 text-small">
        <span className="font-medium">{label}</span>
        {text ? <span className="text-muted">{text}</span> : null}
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value ?? undefined}
        aria-valuetext={text}
        className="h-1.5 overflow-hidden rounded-pill bg-pressed"
      >
        <div
          className={
            value === null
              ? "h-full w-1/3 animate-pulse rounded-pill bg-accent"
              : "h-full rounded-pill bg-accent transition-[width] duration-300"
          }
          style={value === null ? undefined : { width: `${value}%` }}
        />
      </div>
    </div>
  );
}
