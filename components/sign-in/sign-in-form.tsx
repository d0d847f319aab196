"use client";

import { useActionState, useState } from "react";
import { Field } from "@/components/form/field";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { TextLink } from "@/components/text-link";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";

/** Asks for an address, and once the link is on its way says where to look for it. */
export function SignInForm({ action, returnTo, inboxUrl }: SignInFormProps) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  const [email, setEmail] = useState("");
  if (state.ok)
    return (
      <CheckYourMail text={state.message} inboxUrl={inboxUrl} onOtherAddress={() => location.reload()} />
    );

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
  /** Where mails end in local mode; null elsewhere. */
  inboxUrl: string | null;
};

function CheckYourMail({ text, inboxUrl, onOtherAddress }: CheckYourMailProps) {
  return (
    <Notice tone="good" role="status" title="Check your mail">
      <p>{text}</p>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
        {inboxUrl ? <TextLink href={inboxUrl}>Open the local inbox</TextLink> : null}
        <button
          type="button"
          onClick={onOtherAddress}
          className="min-h-6 cursor-pointer underline underline-offset-4"
        >
          Use another address
        </button>
      </p>
    </Notice>
  );
}

type CheckYourMailProps = { text: string | null; inboxUrl: string | null; onOtherAddress: () => void };
