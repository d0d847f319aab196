import { CodeBlock } from "@/components/code-block";
import { Notice } from "@/components/notice";

/** A key just made: the only time it is shown. */
export function NewKeyPanel({ apiKey }: { apiKey: string }) {
  return (
    <Notice tone="good" role="status" title="Copy your new key now">
      <p className="mb-3">It is shown this once. We keep only enough of it to tell it from the others.</p>
      <CodeBlock label="New API key" code={apiKey} />
    </Notice>
  );
}
