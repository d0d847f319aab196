import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { Card } from "@/components/card";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Notice } from "@/components/notice";
import { CodeForm } from "@/components/sign-in/code-form";
import { ResendForm } from "@/components/sign-in/resend-form";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { TextLink } from "@/components/text-link";
import { configuredOauthProviders } from "@/lib/auth/oauth-providers";
import { getContext } from "@/lib/context";
import { DEMO_ACCOUNT_LABELS, DEMO_ACCOUNTS } from "@/lib/domain/demo-account";
import { OAUTH_PROVIDER_NAMES } from "@/lib/domain/oauth-provider";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { getViewer } from "@/lib/http/viewer";
import { readMailedAddress } from "./mailed-address-cookie";
import { resendSignInLinkAction, sendSignInLinkAction } from "./send-sign-in-link-action";
import { signInErrorText } from "./sign-in-error-text";
import { signInWithCodeAction } from "./sign-in-with-code-action";
import { startDemoSessionAction } from "./start-demo-session-action";
import { startOauthAction } from "./start-oauth-action";

export const metadata: Metadata = { title: "Sign in", robots: { index: false } };

const Query = z.object({
  return_to: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  step: z.literal("code").optional().catch(undefined),
});

export default async function SignInPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const { error, step, return_to: goal } = Query.parse(await searchParams);
  const returnTo = safeReturnPath(goal);
  // Who is signed in and comes back with an error was connecting an account, and is told where they did.
  if (await getViewer()) {
    redirect(error ? `/account/security?${new URLSearchParams({ error })}` : returnTo);
  }
  const email = await readMailedAddress();
  if (step === "code" && email) return <EnterCode email={email} returnTo={returnTo} />;
  const { env } = getContext();
  return (
    <div className="mx-auto max-w-form">
      <h1 className="text-title">Sign in</h1>
      <p className="mt-2 mb-6 text-muted">
        We mail you a link and a code; there is no password. If you are new, this makes your account.
      </p>
      {error ? (
        <Notice tone="warning" role="status" title="That did not work" className="mb-6">
          {signInErrorText(error)}
        </Notice>
      ) : null}
      <Card>
        <SignInForm action={sendSignInLinkAction} returnTo={returnTo} email={email} />
        <OauthButtons returnTo={returnTo} />
      </Card>
      {env.local ? <DemoAccounts returnTo={returnTo} /> : null}
    </div>
  );
}

/** After the mail was sent. The link in it works wherever it is opened; the code is for right here. */
function EnterCode({ email, returnTo }: { email: string; returnTo: string }) {
  const { env } = getContext();
  return (
    <div className="mx-auto max-w-form">
      <h1 className="mb-6 text-title">Sign in</h1>
      <Notice tone="good" role="status" title="Check your mail" className="mb-6">
        <p className="break-words">
          We sent a mail to <strong>{email}</strong>. Press the button in it, or type its code here.
        </p>
        {env.mail.localUrl ? (
          <p className="mt-2">
            <TextLink href={env.mail.localUrl}>Open the local inbox</TextLink>
          </p>
        ) : null}
      </Notice>
      <Card>
        <CodeForm action={signInWithCodeAction} email={email} returnTo={returnTo} />
        <div className="mt-3">
          <ResendForm action={resendSignInLinkAction} email={email} returnTo={returnTo} />
        </div>
      </Card>
      <p className="mt-4 text-small text-muted">
        Not your address?{" "}
        <TextLink href={`/sign-in?${new URLSearchParams({ return_to: returnTo })}`}>
          Use another address
        </TextLink>
      </p>
    </div>
  );
}

function OauthButtons({ returnTo }: { returnTo: string }) {
  const providers = configuredOauthProviders(getContext().env.oauth);
  if (providers.length === 0) return null;
  return (
    <div className="mt-5 space-y-2 border-t border-line pt-5">
      {providers.map((provider) => (
        <ActionForm key={provider} action={startOauthAction} fields={{ provider, return_to: returnTo }}>
          <SubmitButton variant="secondary" className="w-full">
            Continue with {OAUTH_PROVIDER_NAMES[provider]}
          </SubmitButton>
        </ActionForm>
      ))}
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
        {DEMO_ACCOUNTS.map((account) => (
          <li key={account}>
            <ActionForm action={startDemoSessionAction} fields={{ account, return_to: returnTo }}>
              <SubmitButton variant="secondary" className="w-full">
                <span className="flex flex-wrap items-baseline justify-center gap-x-2">
                  {account} <span className="font-normal text-muted">{DEMO_ACCOUNT_LABELS[account]}</span>
                </span>
              </SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
    </section>
  );
}
