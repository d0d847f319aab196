import type { Metadata } from "next";
import { z } from "zod";
import { signInErrorText } from "@/app/(auth)/sign-in/sign-in-error-text";
import { startOauthAction } from "@/app/(auth)/sign-in/start-oauth-action";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { Card } from "@/components/card";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { AlertDialog } from "@/components/overlay/alert-dialog";
import { PageHeader } from "@/components/page-header";
import { ChangeEmailForm } from "@/components/security/change-email-form";
import { SessionList } from "@/components/security/session-list";
import { getContext } from "@/lib/context";
import { OAUTH_PROVIDER_NAMES } from "@/lib/domain/oauth-provider";
import { requireViewer } from "@/lib/http/viewer";
import { findPendingAddress } from "@/lib/services/email-change/find-email-change";
import { listSessions, type SessionSummary } from "@/lib/services/sessions/list-sessions";
import { listSignInMethods, type SignInMethod } from "@/lib/services/sign-in/list-sign-in-methods";
import { revokeSessionAction, signOutElsewhereAction, signOutEverywhereAction } from "./session-actions";
import { disconnectSignInMethodAction, requestEmailChangeAction } from "./sign-in-method-actions";

export const metadata: Metadata = { title: "Security", robots: { index: false } };

const PAGE = "/account/security";
const Query = z.object({ error: z.string().optional().catch(undefined) });

export default async function SecurityPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const { error } = Query.parse(await searchParams);
  const { userId, sessionId, email } = await requireViewer(PAGE);
  const ctx = getContext();
  const [sessions, methods, pendingAddress] = await Promise.all([
    listSessions(ctx, { userId, currentSessionId: sessionId }),
    listSignInMethods(ctx, { userId }),
    findPendingAddress(ctx, { userId }),
  ]);
  return (
    <>
      <PageHeader title="Security" trail={[{ label: "Home", href: "/" }]}>
        Where you are signed in, and how you sign in.
      </PageHeader>
      {error ? (
        <Notice tone="warning" role="status" title="That did not work" className="mb-6">
          {signInErrorText(error)}
        </Notice>
      ) : null}
      <div className="grid max-w-text grid-cols-1 gap-6">
        <Sessions sessions={sessions} />
        <EmailCard email={email} pendingAddress={pendingAddress} />
        <SignInMethods methods={methods} email={email} />
      </div>
    </>
  );
}

function Sessions({ sessions }: { sessions: SessionSummary[] }) {
  return (
    <Card title="Where you are signed in" description="Sign out what you do not know.">
      <SessionList sessions={sessions} now={new Date()} revokeAction={revokeSessionAction} />
      <div className="mt-4 flex flex-wrap gap-2 border-t border-line pt-4">
        {sessions.length > 1 ? (
          <ActionForm action={signOutElsewhereAction}>
            <SubmitButton variant="secondary">Sign out everywhere else</SubmitButton>
          </ActionForm>
        ) : null}
        <AlertDialog
          trigger={<Button variant="secondary">Sign out everywhere</Button>}
          title="Sign out everywhere?"
          description="This ends all your sessions, this one too. You can sign in again at once."
          confirmLabel="Sign out everywhere"
          action={signOutEverywhereAction}
        />
      </div>
    </Card>
  );
}

function EmailCard({ email, pendingAddress }: { email: string; pendingAddress: string | null }) {
  return (
    <Card title="E-mail address" description="Sign-in links and receipts go here.">
      <p className="mb-4 font-medium break-words">{email}</p>
      {pendingAddress ? (
        <Notice className="mb-4" title="A change is under way">
          <p className="break-words">
            {pendingAddress} takes its place once both addresses have confirmed it. A new request replaces
            this one.
          </p>
        </Notice>
      ) : null}
      <ChangeEmailForm action={requestEmailChangeAction} />
    </Card>
  );
}

function SignInMethods({ methods, email }: { methods: SignInMethod[]; email: string }) {
  return (
    <Card title="Ways to sign in">
      <ul className="divide-y divide-line">
        <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
          <div className="min-w-0">
            <p className="font-medium">E-mail</p>
            <p className="text-small break-words text-muted">A link or a code to {email}. Always works.</p>
          </div>
          <Badge tone="good">On</Badge>
        </li>
        {methods.map(({ provider, isConnected }) => (
          <li
            key={provider}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0"
          >
            <div className="min-w-0">
              <p id={`method-${provider}`} className="font-medium">
                {OAUTH_PROVIDER_NAMES[provider]}
              </p>
              <p className="text-small text-muted">{isConnected ? "Connected" : "Not connected"}</p>
            </div>
            {isConnected ? (
              <ActionForm action={disconnectSignInMethodAction} fields={{ provider }}>
                <SubmitButton variant="secondary" size="small" describedBy={`method-${provider}`}>
                  Disconnect
                </SubmitButton>
              </ActionForm>
            ) : (
              <ActionForm action={startOauthAction} fields={{ provider, return_to: PAGE }}>
                <SubmitButton variant="secondary" size="small" describedBy={`method-${provider}`}>
                  Connect
                </SubmitButton>
              </ActionForm>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
