"use client";

import { useActionState, useState } from "react";
import { Field } from "@/components/form/field";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";

/** Asks for the address that a link and a code are sent to. */
export function SignInForm({ action, returnTo, email: known }: SignInFormProps) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  const [email, setEmail] = useState(known ?? "");
  const emailError = state.fields.find((field) => field.field === "email")?.message;
  return (
    <form action={submit} onSubmit={(event) => isPending && event.preventDefault()} className="space-y-4">
      <input type="hidden" name="return_to" value={returnTo} />
      <Field
        id="email"
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="email"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={emailError}
      />
      {state.message && !emailError && !isPending ? (
        <Notice tone="danger" role="alert">
          {state.message}
        </Notice>
      ) : null}
      <SubmitButton className="w-full">Send me a sign-in link</SubmitButton>
    </form>
  );
}

type SignInFormProps = {
  action: FormAction;
  returnTo: string;
  /** The address typed before, if any. */
  email: string | null;
};
