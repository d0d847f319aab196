"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactElement, type ReactNode, useRef } from "react";
import { classNames } from "@/components/class-names";
import { IconButton } from "@/components/icon-button";
import { DIALOG_BACKDROP, DIALOG_POPUP } from "./dialog-style";

/**
 * A question or a form over the page. Focus stays inside, Escape and a press outside close it, and focus returns to
 * what opened it. Opened by its `trigger`, or by its parent through `isOpen`.
 */
export function Dialog({
  trigger,
  isOpen,
  onOpenChange,
  title,
  description,
  width,
  footer,
  children,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={isOpen} onOpenChange={onOpenChange && ((open) => onOpenChange(open))}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={DIALOG_BACKDROP} />
        <Base.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4">
          <Base.Popup
            ref={popup}
            // Where there is something to fill in, there; otherwise on the whole, which is then read from its top.
            initialFocus={() => popup.current?.querySelector<HTMLElement>(FILLED_IN) ?? popup.current}
            className={classNames(DIALOG_POPUP, width === "wide" ? "max-w-text" : "max-w-dialog")}
          >
            <div className="px-5 pt-5 not-has-data-dialog-footer:pb-5 sm:px-6 sm:not-has-data-dialog-footer:pb-6">
              <div className="flex items-start gap-3">
                <div className="min-w-0 flex-1">
                  <Base.Title className="text-heading">{title}</Base.Title>
                  {description ? (
                    <Base.Description render={<div />} className="mt-1 text-muted">
                      {description}
                    </Base.Description>
                  ) : null}
                </div>
                <Base.Close
                  render={<IconButton label="Close" icon={X} size="small" className="-mt-1 -mr-1.5" />}
                />
              </div>
              {children ? <div className="mt-4">{children}</div> : null}
              {footer ? <DialogFooter>{footer}</DialogFooter> : null}
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

const FILLED_IN = "input:not([type=hidden]), select, textarea";

/** A button inside a dialog that closes it: `<DialogClose render={<Button variant="secondary">Not now</Button>} />`. */
export const DialogClose = Base.Close;

/** Where a dialog's buttons stand: the one that goes on last, on a phone on top. Inside a form it is the form's last child. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <div
      data-dialog-footer
      className="-mx-5 mt-6 flex flex-col-reverse gap-2 border-t border-line px-5 py-4 sm:-mx-6 sm:flex-row sm:justify-end sm:px-6"
    >
      {children}
    </div>
  );
}

type DialogProps = {
  /** The button that opens it. */
  trigger?: ReactElement;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  title: string;
  description?: ReactNode;
  width?: "regular" | "wide";
  /** Its buttons. A form brings its own, as a `DialogFooter`. */
  footer?: ReactNode;
  children?: ReactNode;
};
