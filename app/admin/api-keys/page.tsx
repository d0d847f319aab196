import type { Metadata } from "next";
import { ApiKeyTable } from "@/components/api-keys/api-key-table";
import { CreateKeyForm } from "@/components/api-keys/create-key-form";
import { Card } from "@/components/card";
import { Code } from "@/components/code";
import { PageHeader } from "@/components/page-header";
import { getContext } from "@/lib/context";
import { PLATFORM_SCOPES } from "@/lib/domain/api-scope";
import { requireAdmin } from "@/lib/http/viewer";
import { listApiKeys } from "@/lib/services/api-keys/list-api-keys";
import {
  createPlatformKeyAction,
  revokePlatformKeyAction,
  rotatePlatformKeyAction,
} from "./platform-key-actions";

export const metadata: Metadata = { title: "Platform keys", robots: { index: false } };

export default async function PlatformApiKeysPage() {
  await requireAdmin("/admin/api-keys");
  const ctx = getContext();
  const keys = await listApiKeys(ctx, { customerId: null });
  return (
    <>
      <PageHeader title="Platform keys" trail={[{ label: "Home", href: "/" }]}>
        <p>
          Your own back end uses a platform key to act for any customer. Each call names the customer in{" "}
          <Code>Tollkeeper-Customer</Code> (our id) or <Code>Tollkeeper-External-Customer</Code> (yours); what
          is done with the keys themselves is in the audit trail.
        </p>
      </PageHeader>
      <div className="space-y-5">
        <Card title="Keys">
          <ApiKeyTable
            keys={keys}
            now={ctx.now}
            rotateAction={rotatePlatformKeyAction}
            revokeAction={revokePlatformKeyAction}
          />
        </Card>
        <Card title="Create a key">
          <CreateKeyForm action={createPlatformKeyAction} scopes={PLATFORM_SCOPES} />
        </Card>
      </div>
    </>
  );
}
