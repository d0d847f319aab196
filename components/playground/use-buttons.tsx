import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { UsageMeter } from "@/components/usage/usage-meter";
import type { FormAction } from "@/lib/domain/action-state";
import { openWindowWords } from "@/lib/domain/allowance-words";
import { formatDateTime } from "@/lib/domain/format-date";
import type { WindowUse } from "@/lib/domain/limit-reached";

/** What can be used at the press of a button, each with what is left of it. */
export function UseButtons({ uses, action }: UseButtonsProps) {
  return (
    <ul className="space-y-6">
      {uses.map(({ label, meter, window }) => (
        <li key={label} className="rounded-card border border-line bg-surface p-5 shadow-card">
          {window ? (
            <UsageMeter
              name={`${meter.name} ${openWindowWords(window.window)}`}
              used={window.used + window.held}
              limit={window.limit}
              reset={window.window === "lifetime" ? null : formatDateTime(window.end)}
            />
          ) : null}
          <ActionForm action={action} fields={{ label }} className="mt-4">
            <SubmitButton variant="secondary">{label}</SubmitButton>
          </ActionForm>
        </li>
      ))}
    </ul>
  );
}

type UseButtonsProps = {
  uses: { label: string; meter: { name: string }; window: WindowUse | null }[];
  action: FormAction;
};
