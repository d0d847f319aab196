import { Badge } from "@/components/badge";
import { DateTime } from "@/components/date-time";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import type { FormAction } from "@/lib/domain/action-state";

/** Where a person is signed in. Every session but the one looking can be ended here. */
export function SessionList({ sessions, now, revokeAction }: SessionListProps) {
  return (
    <ul className="divide-y divide-line">
      {sessions.map(({ id, device, signedInAt, lastSeenAt, isThisDevice }) => (
        <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0">
          <div className="min-w-0">
            <p id={`session-${id}`} className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
              {device}
              {isThisDevice ? <Badge tone="good">This device</Badge> : null}
            </p>
            <p className="text-small text-muted">
              Signed in <DateTime date={signedInAt} hasTime /> · Last seen{" "}
              <DateTime date={lastSeenAt} now={now} />
            </p>
          </div>
          {isThisDevice ? null : (
            <ActionForm action={revokeAction} fields={{ session_id: id }}>
              <SubmitButton variant="secondary" size="small" describedBy={`session-${id}`}>
                Sign out
              </SubmitButton>
            </ActionForm>
          )}
        </li>
      ))}
    </ul>
  );
}

type SessionListProps = {
  sessions: { id: string; device: string; signedInAt: Date; lastSeenAt: Date; isThisDevice: boolean }[];
  now: Date;
  revokeAction: FormAction;
};
