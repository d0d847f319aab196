"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";

const SHOWN_MS = 2_500;

/**
 * Copies a text and says so. Where the browser does not allow it the text is selected instead, one key press away.
 */
export function CopyButton({ text, what, targetId }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"copied" | "selected" | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  return (
    <>
      <Button
        variant="secondary"
        size="small"
        aria-label={`Copy ${what}`}
        onClick={async () => setOutcome((await copy(text)) ? "copied" : select(targetId))}
      >
        {outcome === "copied" ? (
          <Check aria-hidden className="size-4 text-accent" />
        ) : (
          <Copy aria-hidden className="size-4 text-muted" />
        )}
        {/* As wide as its widest word, so that nothing moves. */}
        <span className="grid text-center [&>*]:col-start-1 [&>*]:row-start-1">
          <span className={outcome === null ? undefined : "invisible"}>Copy</span>
          <span className={outcome === "copied" ? undefined : "invisible"}>Copied</span>
          <span className={outcome === "selected" ? undefined : "invisible"}>Ctrl+C</span>
        </span>
      </Button>
      <span role="status" className="sr-only">
        {outcome === "copied" ? "Copied" : null}
        {outcome === "selected" ? "Selected: press Control or Command and C to copy" : null}
      </span>
    </>
  );
}

type CopyButtonProps = {
  text: string;
  /** What is copied, in a sentence: "Copy" + "API key". */
  what: string;
  /** The element that shows the text, to be selected where copying is not allowed. */
  targetId: string;
};

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No permission, or a page that is not served securely, where there is no clipboard at all.
    return false;
  }
}

function select(id: string): "selected" {
  const element = document.getElementById(id);
  const selection = window.getSelection();
  if (element && selection) selection.selectAllChildren(element);
  return "selected";
}
