"use client";

import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import { type ReactElement, type ReactNode, useActionState, useState } from "react";
import { Button } from "@/components/button";
import { classNames } from "@/components/class-names";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { type ActionState, type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";
import { DialogFooter } from "./dialog";
import { DIALOG_BACKDROP, DIALOG_POPUP } from "./dialog-style";

/**
 * Asks once more before something is lost, says what, and does it. The first focus is on the way back. While the
 * action is under way it stays; it closes when the action succeeded, and otherwise says what went wrong.
 */
export function AlertDialog({ trigger, isOpen, onOpenChange, ...question }: AlertDialogProps) {
  const [isOwnOpen, setOwnOpen] = useState(false);
  const open = isOpen ?? isOwnOpen;
  const setOpen = onOpenChange ?? setOwnOpen;
  return (
    <Base.Root open={open} onOpenChange={(next) => setOpen(next)}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={DIALOG_BACKDROP} />
        <Base.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4">
          <Base.Popup className={classNames(DIALOG_POPUP, "max-w-dialog")}>
            <Question {...question} onClose={() => setOpen(false)} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** Mounted with the dialog, so that what went wrong last time is gone when it opens again. */
function Question({
  title,
  description,
  confirmLabel,
  cancelLabel = "Cancel",
  action,
  fields = {},
  onDone,
  onClose,
}: QuestionProps) {
  const [state, submit, isPending] = useActionState(async (previous: ActionState, form: FormData) => {
    const next = await action(previous, form);
    if (next.ok) {
      onClose();
      onDone?.(next);
    }
    return next;
  }, INITIAL_ACTION_STATE);
  return (
    <form
      action={submit}
      onSubmit={(event) => isPending && event.preventDefault()}
      className="px-5 pt-5 sm:px-6"
    >
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Base.Title className="text-heading">{title}</Base.Title>
      <Base.Description render={<div />} className="mt-1.5 text-muted">
        {description}
      </Base.Description>
      {state.message && !state.ok && !isPending ? (
        <Notice tone="danger" role="alert" className="mt-4">
          {[state.message, ...state.fields.map((field) => field.message)].join(" ")}
        </Notice>
      ) : null}
      <DialogFooter>
        <Base.Close render={<Button variant="secondary">{cancelLabel}</Button>} />
        <SubmitButton variant="danger">{confirmLabel}</SubmitButton>
      </DialogFooter>
    </form>
  );
}

type Question = {
  title: string;
  /** What will be lost, and whether it can be had back. */
  description: ReactNode;
  /** The deed itself, as "Revoke key"; never "OK". */
  confirmLabel: string;
  cancelLabel?: string;
  action: FormAction;
  /** Sent along, never shown. */
  fields?: Record<string, string | number>;
  onDone?: (state: ActionState) => void;
};

type QuestionProps = Question & { onClose: () => void };

type AlertDialogProps = Question & {
  /** The button that opens it. */
  trigger?: ReactElement;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
};
