"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";

/** Has the mail sent once more, and says whether it was. */
export function ResendForm({ action, email, returnTo }: ResendFormProps) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  return (
    <form action={submit} onSubmit={(event) => isPending && event.preventDefault()}>
      <input type="hidden" name="email" value={email} />
      <input type="hidden" name="return_to" value={returnTo} />
      <SubmitButton variant="secondary" className="w-full">
        Send another mail
      </SubmitButton>
      {state.message && !isPending ? (
        <Notice tone={state.ok ? "good" : "danger"} role={state.ok ? "status" : "alert"} className="mt-3">
          {state.message}
        </Notice>
      ) : null}
    </form>
  );
}

type ResendFormProps = { action: FormAction; email: string; returnTo: string };
