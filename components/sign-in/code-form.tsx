"use client";

import { useActionState, useState } from "react";
import { Field } from "@/components/form/field";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";

/** Takes the code of a mail. What was typed stays when it was wrong. */
export function CodeForm({ action, email, returnTo }: CodeFormProps) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  const [code, setCode] = useState("");
  const codeError = state.fields.find((field) => field.field === "code")?.message;
  return (
    <form action={submit} onSubmit={(event) => isPending && event.preventDefault()} className="space-y-4">
      <input type="hidden" name="email" value={email} />
      <input type="hidden" name="return_to" value={returnTo} />
      <Field
        id="code"
        name="code"
        label="Six-digit code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[\s\-]*([0-9][\s\-]*){6}"
        title="Six digits"
        required
        // Room for blanks and dashes: the whole of a pasted code is to arrive.
        maxLength={30}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        error={isPending ? null : codeError}
      />
      {state.message && !codeError && !isPending ? (
        <Notice tone="danger" role="alert">
          {state.message}
        </Notice>
      ) : null}
      <SubmitButton className="w-full">Sign in</SubmitButton>
    </form>
  );
}

type CodeFormProps = { action: FormAction; email: string; returnTo: string };
