import type { Metadata } from "next";
import { ApiKeyTable } from "@/components/api-keys/api-key-table";
import { CreateKeyForm } from "@/components/api-keys/create-key-form";
import { Card } from "@/components/card";
import { Code } from "@/components/code";
import { LinkButton } from "@/components/link-button";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { TextLink } from "@/components/text-link";
import { getContext } from "@/lib/context";
import { CUSTOMER_SCOPES } from "@/lib/domain/api-scope";
import { requireViewer } from "@/lib/http/viewer";
import { listApiKeys } from "@/lib/services/api-keys/list-api-keys";
import { findApiAccess } from "@/lib/services/entitlements/find-api-access";
import { createKeyAction, revokeKeyAction, rotateKeyAction } from "./key-actions";

export const metadata: Metadata = { title: "API keys", robots: { index: false } };

export default async function ApiKeysPage() {
  const { customer } = await requireViewer("/account/api-keys");
  const ctx = getContext();
  const [keys, apiAccess] = await Promise.all([
    listApiKeys(ctx, { customerId: customer.id }),
    findApiAccess(ctx, { customerId: customer.id }),
  ]);
  return (
    <>
      <PageHeader title="API keys" trail={[{ label: "Home", href: "/" }]}>
        <p>
          Programs use a key to record usage and read limits on your behalf. Keep it out of browsers and
          repositories; send it as <Code>Authorization: Bearer …</Code>. The API is described at{" "}
          <TextLink href="/api/v1/openapi.json">/api/v1/openapi.json</TextLink>.
        </p>
      </PageHeader>
      <div className="space-y-5">
        <Card title="Keys">
          <ApiKeyTable
            keys={keys}
            now={ctx.now}
            rotateAction={rotateKeyAction}
            revokeAction={revokeKeyAction}
          />
        </Card>
        <Card title="Create a key">
          {apiAccess.isGranted ? (
            <CreateKeyForm action={createKeyAction} scopes={CUSTOMER_SCOPES} />
          ) : (
            <Notice
              title={`Your plan, ${apiAccess.planName}, does not include API access`}
              actions={
                <LinkButton href="/pricing" size="small">
                  {apiAccess.suggestion ? `See ${apiAccess.suggestion.name}` : "See the plans"}
                </LinkButton>
              }
            >
              <p>
                {apiAccess.suggestion
                  ? `${apiAccess.suggestion.name} does. `
                  : "Ask us which plan would suit you. "}
                {keys.length > 0 ? "Your keys are kept, and work again as soon as your plan has it." : null}
              </p>
            </Notice>
          )}
        </Card>
      </div>
    </>
  );
}
