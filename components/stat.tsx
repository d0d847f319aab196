import type { ReactNode } from "react";

/** One number that matters, what it is, and as of when or compared to what. */
export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <dl>
      <dt className="text-small text-muted">{label}</dt>
      <dd className="text-figure">{value}</dd>
      {note ? <dd className="mt-0.5 text-small text-muted">{note}</dd> : null}
    </dl>
  );
}
