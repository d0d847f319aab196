import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { Code } from "@/components/code";
import { DateTime } from "@/components/date-time";
import { AlertDialog } from "@/components/overlay/alert-dialog";
import { type Column, Table } from "@/components/table";
import type { FormAction } from "@/lib/domain/action-state";
import type { ApiKeyState, ListedApiKey } from "@/lib/domain/api-key-state";
import { RotateKeyDialog } from "./rotate-key-dialog";

const STATES: Record<ApiKeyState, { tone: "good" | "neutral" | "warning" | "danger"; label: string }> = {
  active: { tone: "good", label: "Active" },
  rotating: { tone: "warning", label: "Replaced, still works" },
  expired: { tone: "neutral", label: "Expired" },
  revoked: { tone: "danger", label: "Revoked" },
};

/** An owner's keys, each with what ends it. The key itself is not known any more. */
export function ApiKeyTable({ keys, now, rotateAction, revokeAction }: ApiKeyTableProps) {
  const columns: Column<ListedApiKey>[] = [
    { key: "name", label: "Name", isRowHeader: true, isWrapping: true, cell: ({ name }) => name },
    {
      key: "key",
      label: "Key",
      cell: ({ prefix, lastFour }) => (
        <Code>
          {prefix}…{lastFour}
        </Code>
      ),
    },
    {
      key: "state",
      label: "State",
      cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>,
    },
    {
      key: "scopes",
      label: "Scopes",
      isWrapping: true,
      cell: ({ scopes }) => <span className="text-small text-muted">{scopes.join(", ")}</span>,
    },
    {
      key: "used",
      label: "Last used",
      cell: ({ lastUsedAt }) => (lastUsedAt ? <DateTime date={lastUsedAt} now={now} hasTime /> : "Never"),
    },
    {
      key: "expires",
      label: "Expires",
      cell: ({ expiresAt }) => (expiresAt ? <DateTime date={expiresAt} hasTime /> : "Never"),
    },
    {
      key: "actions",
      label: "Actions",
      isLabelHidden: true,
      align: "end",
      cell: (apiKey) =>
        apiKey.state === "active" || apiKey.state === "rotating" ? (
          <span className="inline-flex gap-2">
            {apiKey.state === "active" ? <RotateKeyDialog apiKey={apiKey} action={rotateAction} /> : null}
            <AlertDialog
              trigger={
                <Button variant="secondary" size="small" aria-label={`Revoke ${apiKey.name}`}>
                  Revoke
                </Button>
              }
              title={`Revoke “${apiKey.name}”?`}
              description="Whatever uses this key is refused from now on. A revoked key cannot be had back."
              confirmLabel="Revoke key"
              action={revokeAction}
              fields={{ api_key_id: apiKey.id }}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <Table
      caption="API keys"
      isCaptionHidden
      columns={columns}
      rows={keys}
      rowKey={({ id }) => id}
      empty="No keys yet. The first one is made below."
    />
  );
}

type ApiKeyTableProps = {
  keys: ListedApiKey[];
  now: Date;
  rotateAction: FormAction;
  revokeAction: FormAction;
};
