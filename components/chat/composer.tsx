import { ArrowUp, Square } from "lucide-react";
import { type KeyboardEvent, type RefObject, useSyncExternalStore } from "react";
import { Button } from "@/components/button";

/** The box a question is written in. Enter sends, Shift+Enter begins a new line. */
export function Composer({ boxRef, draft, onDraft, onSend, onStop, isBusy, usage }: ComposerProps) {
  const isReady = useIsHydrated();
  const canSend = !isBusy && draft.trim() !== "";

  function sendOnEnter(event: KeyboardEvent): void {
    // An Enter that ends the composition of a character is not meant for us.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSend();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      <div className="rounded-card border border-edge bg-surface p-2 shadow-card transition-colors focus-within:border-accent focus-within:outline-1 focus-within:outline-accent">
        <label htmlFor="message" className="sr-only">
          Your message
        </label>
        <textarea
          id="message"
          ref={boxRef}
          rows={2}
          maxLength={20_000}
          placeholder="Ask something"
          // What is typed before the page works would be lost.
          disabled={!isReady}
          value={draft}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={sendOnEnter}
          aria-describedby="message-help"
          className="field-sizing-content block max-h-60 min-h-16 w-full resize-none bg-transparent px-2 py-1.5 text-input outline-none placeholder:text-muted sm:text-base"
        />
        <div className="flex items-center justify-between gap-3">
          <p id="message-help" className="px-2 text-small text-muted">
            {usage}
          </p>
          <div className="flex gap-2">
            {isBusy ? (
              <Button variant="secondary" size="small" onClick={onStop}>
                <Square aria-hidden className="size-3.5 fill-current" /> Stop
              </Button>
            ) : null}
            {/* Not disabled: it would lose the focus to nowhere each time the box is emptied. */}
            <Button type="submit" size="small" aria-disabled={!canSend || undefined}>
              <ArrowUp aria-hidden className="size-4" /> Send
            </Button>
          </div>
        </div>
      </div>
    </form>
  );
}

type ComposerProps = {
  boxRef: RefObject<HTMLTextAreaElement | null>;
  draft: string;
  onDraft: (draft: string) => void;
  onSend: () => void;
  onStop: () => void;
  isBusy: boolean;
  usage: string | null;
};

/** False in the server's HTML, true once the page answers to the keyboard. */
function useIsHydrated(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
