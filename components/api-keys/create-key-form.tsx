"use client";

import { useActionState } from "react";
import { Checkbox } from "@/components/form/checkbox";
import { Field } from "@/components/form/field";
import { SelectField } from "@/components/form/select-field";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";
import { scopeField } from "@/lib/domain/api-key-form";
import { type ApiScope, SCOPE_WORDS } from "@/lib/domain/api-scope";
import { NewKeyPanel } from "./new-key-panel";

/** Makes a key and shows it, once. What was typed stays when something was wrong with it. */
export function CreateKeyForm({ action, scopes }: { action: FormAction; scopes: readonly ApiScope[] }) {
  const [state, submit, isPending] = useActionState(action, INITIAL_ACTION_STATE);
  const errorOf = (field: string) => state.fields.find((entry) => entry.field === field)?.message;
  const scopeError = errorOf("scopes");
  return (
    <div className="space-y-5">
      {state.made ? <NewKeyPanel apiKey={state.made} /> : null}
      <form
        // Another form after a key was made; after a refusal what was typed stays, though React would empty it.
        key={state.made}
        action={submit}
        onReset={(event) => event.preventDefault()}
        onSubmit={(event) => isPending && event.preventDefault()}
        className="max-w-form space-y-5"
      >
        <Field
          id="key-name"
          name="name"
          label="Name"
          hint="Where it is used, as “Production server”."
          required
          maxLength={100}
          autoComplete="off"
          error={errorOf("name")}
        />
        <fieldset aria-describedby={scopeError ? "key-scopes-error" : undefined}>
          <legend className="mb-2 font-medium">What it may do</legend>
          <div className="space-y-2">
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                id={`key-${scopeField(scope)}`}
                name={scopeField(scope)}
                label={SCOPE_WORDS[scope]}
                hint={scope}
                defaultChecked={scope.startsWith("usage")}
              />
            ))}
          </div>
          {scopeError ? (
            <p id="key-scopes-error" className="mt-2 text-small text-danger">
              {scopeError}
            </p>
          ) : null}
        </fieldset>
        <SelectField
          id="key-lifetime"
          name="lifetime"
          label="Expires"
          required
          defaultValue="never"
          options={[
            { value: "never", label: "Never" },
            { value: "30", label: "In 30 days" },
            { value: "90", label: "In 90 days" },
            { value: "365", label: "In a year" },
          ]}
        />
        {state.message && !state.ok && !isPending && state.fields.length === 0 ? (
          <Notice tone="danger" role="alert">
            {state.message}
          </Notice>
        ) : null}
        <SubmitButton>Create key</SubmitButton>
      </form>
    </div>
  );
}
