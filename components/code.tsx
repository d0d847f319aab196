import type { ReactNode } from "react";

/** A name, key or command inside a text. */
export function Code({ children }: { children: ReactNode }) {
  return (
    <code className="rounded-mark border border-line bg-sunken px-1 py-px font-mono text-[0.875em] break-words">
      {children}
    </code>
  );
}
