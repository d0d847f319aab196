import { useId } from "react";
import { CopyButton } from "./copy-button";
import { ScrollRegion } from "./scroll-region";

/** Lines to be copied: a command, a key that is shown once, a payload. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  const id = useId();
  return (
    <div className="relative rounded-control border border-line bg-sunken">
      <ScrollRegion label={label} className="rounded-control px-4 py-3 pr-24">
        <pre className="w-max font-mono text-fine leading-6">
          <code id={id}>{code}</code>
        </pre>
      </ScrollRegion>
      <div className="absolute top-2 right-2">
        <CopyButton text={code} what={label} targetId={id} />
      </div>
    </div>
  );
}
