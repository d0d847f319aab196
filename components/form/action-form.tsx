"use client";

import { type ReactNode, useActionState } from "react";
import { Notice } from "@/components/notice";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";

/**
 * A form for one server action: its hidden fields, what is inside, and what went wrong underneath. Works
 * before and without JavaScript. A second press while the first is under way is not sent.
 */
export function ActionForm({ action, fields = {}, className, children }: ActionFormProps) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  return (
    <form action={submit} className={className} onSubmit={(event) => isPending && event.preventDefault()}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      {state.message && !state.ok && !isPending ? (
        <Notice tone="danger" role="alert" className="mt-3">
          {[state.message, ...state.fields.map((field) => field.message)].join(" ")}
        </Notice>
      ) : null}
    </form>
  );
}

type ActionFormProps = {
  action: FormAction;
  /** Sent along, never shown. */
  fields?: Record<string, string | number>;
  className?: string;
  children: ReactNode;
};
