"use client";

import { useRouter } from "next/navigation";
import { useActionState, useState } from "react";
import { Button } from "@/components/button";
import { SelectField } from "@/components/form/select-field";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { Dialog, DialogClose, DialogFooter } from "@/components/overlay/dialog";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";
import type { ListedApiKey } from "@/lib/domain/api-key-state";
import { NewKeyPanel } from "./new-key-panel";

/** Makes a key that takes this one's place, and says how long both work. */
export function RotateKeyDialog({ apiKey, action }: { apiKey: ListedApiKey; action: FormAction }) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        setOpen(next);
        // Only now: reading the list again while the new key is shown would take the dialog away.
        if (!next) router.refresh();
      }}
      trigger={
        <Button variant="secondary" size="small" aria-label={`Rotate ${apiKey.name}`}>
          Rotate
        </Button>
      }
      title={`Rotate “${apiKey.name}”`}
      description="A new key with the same name and rights. The old one goes on for a while, so that nothing stops in between."
    >
      <RotateForm apiKey={apiKey} action={action} />
    </Dialog>
  );
}

/** Mounted with the dialog: a key shown once is gone when it opens again. */
function RotateForm({ apiKey, action }: { apiKey: ListedApiKey; action: FormAction }) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  if (state.made) {
    return (
      <>
        <NewKeyPanel apiKey={state.made} />
        <DialogFooter>
          <DialogClose render={<Button>Done</Button>} />
        </DialogFooter>
      </>
    );
  }
  return (
    <form action={submit} onSubmit={(event) => isPending && event.preventDefault()}>
      <input type="hidden" name="api_key_id" value={apiKey.id} />
      <SelectField
        id={`overlap-${apiKey.id}`}
        name="overlap_hours"
        label="The old key ends"
        required
        defaultValue="24"
        options={[
          { value: "0", label: "At once" },
          { value: "1", label: "In an hour" },
          { value: "24", label: "In a day" },
          { value: "168", label: "In a week" },
        ]}
      />
      {state.message && !state.ok && !isPending ? (
        <Notice tone="danger" role="alert" className="mt-4">
          {state.message}
        </Notice>
      ) : null}
      <DialogFooter>
        <DialogClose render={<Button variant="secondary">Cancel</Button>} />
        <SubmitButton>Make the new key</SubmitButton>
      </DialogFooter>
    </form>
  );
}
