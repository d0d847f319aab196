"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { TextLink } from "@/components/text-link";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";

/** The button with which one of two addresses confirms a change. */
export function ConfirmEmailForm({ action, token, isConfirmed }: ConfirmEmailFormProps) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  if (state.ok) {
    return (
      <Notice tone="good" role="status">
        <p>{state.message}</p>
        <p className="mt-2">
          <TextLink href="/account/security">See your address</TextLink>
        </p>
      </Notice>
    );
  }
  if (isConfirmed)
    return <Notice tone="good">This address has confirmed it. The other one has not yet.</Notice>;
  return (
    <form action={submit} onSubmit={(event) => isPending && event.preventDefault()}>
      <input type="hidden" name="token" value={token} />
      <SubmitButton className="w-full">Confirm the change</SubmitButton>
      {state.message && !isPending ? (
        <Notice tone="danger" role="alert" className="mt-3">
          {state.message}
        </Notice>
      ) : null}
    </form>
  );
}

type ConfirmEmailFormProps = {
  action: FormAction;
  token: string;
  /** Whether this address has confirmed before. */
  isConfirmed: boolean;
};
