import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { Card } from "@/components/card";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { getContext } from "@/lib/context";
import type { DemoAccount } from "@/lib/domain/demo-account";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { getViewer } from "@/lib/http/viewer";
import { sendSignInLinkAction } from "./send-sign-in-link-action";
import { startDemoSessionAction } from "./start-demo-session-action";

export const metadata: Metadata = { title: "Sign in", robots: { index: false } };

const Query = z.object({
  return_to: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
});

const DEMO_BUTTONS: { account: DemoAccount; text: string }[] = [
  { account: "free@demo.test", text: "no subscription" },
  { account: "pro@demo.test", text: "with a paid plan" },
  { account: "admin@demo.test", text: "runs the platform" },
];

export default async function SignInPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const query = Query.parse(await searchParams);
  const returnTo = safeReturnPath(query.return_to);
  if (await getViewer()) redirect(returnTo);
  const { env } = getContext();
  return (
    <div className="mx-auto max-w-form">
      <h1 className="text-title font-semibold tracking-tight">Sign in</h1>
      <p className="mt-2 mb-6 text-muted">
        We mail you a link; there is no password. If you are new, this makes your account.
      </p>
      {query.error ? (
        <Notice tone="warning" role="status" title="That did not work" className="mb-6">
          {errorText(query.error)}
        </Notice>
      ) : null}
      <Card>
        <SignInForm action={sendSignInLinkAction} returnTo={returnTo} inboxUrl={env.mail.localUrl} />
      </Card>
      {env.local ? <DemoAccounts returnTo={returnTo} /> : null}
    </div>
  );
}

function DemoAccounts({ returnTo }: { returnTo: string }) {
  return (
    <section aria-labelledby="demo-accounts" className="mt-8">
      <h2 id="demo-accounts" className="font-semibold">
        Demo accounts
      </h2>
      <p className="mt-1 mb-4 text-small text-muted">
        One click and you are in. They exist in local mode only.
      </p>
      <ul className="space-y-2">
        {DEMO_BUTTONS.map(({ account, text }) => (
          <li key={account}>
            <ActionForm action={startDemoSessionAction} fields={{ account, return_to: returnTo }}>
              <SubmitButton variant="secondary" className="w-full">
                {account} <span className="font-normal text-muted">{text}</span>
              </SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** next-auth's codes: https://next-auth.js.org/configuration/pages#error-codes */
function errorText(code: string): string {
  if (code === "Verification") return "This link has expired or was used before. Ask for a new one below.";
  if (code === "AccessDenied") return "This account may not sign in.";
  return "Signing in failed on our side. Please ask for a new link below.";
}
