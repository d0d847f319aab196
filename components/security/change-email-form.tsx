"use client";

import { useActionState, useState } from "react";
import { Field } from "@/components/form/field";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";

/** Asks for the new address, and then says what both addresses have to do. */
export function ChangeEmailForm({ action }: { action: FormAction }) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  const [email, setEmail] = useState("");
  const emailError = state.fields.find((field) => field.field === "email")?.message;
  return (
    <form action={submit} onSubmit={(event) => isPending && event.preventDefault()} className="space-y-4">
      <Field
        id="new-email"
        name="email"
        type="email"
        label="New e-mail address"
        autoComplete="email"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={isPending ? null : emailError}
      />
      {state.message && !emailError && !isPending ? (
        <Notice tone={state.ok ? "good" : "danger"} role={state.ok ? "status" : "alert"}>
          {state.message}
        </Notice>
      ) : null}
      <SubmitButton variant="secondary">Change address</SubmitButton>
    </form>
  );
}
