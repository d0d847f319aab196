import type { Metadata } from "next";
import { z } from "zod";
import { Button } from "@/components/button";
import { Card } from "@/components/card";
import { LinkButton } from "@/components/link-button";
import { EmailAddress } from "@/lib/domain/email-address";
import { safeReturnPath } from "@/lib/http/safe-return-path";

// The address carries the token: no other site may be told it. Our own must be told the origin, to know the form by.
export const metadata: Metadata = {
  title: "Confirm signing in",
  referrer: "same-origin",
  robots: { index: false },
};

const Query = z.object({
  token: z.string().min(1),
  email: EmailAddress,
  callbackUrl: z.string().optional().catch(undefined),
});

/** Where the link in the mail leads. Mail scanners follow links, so only the button uses the token up. */
export default async function ConfirmSignInPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const query = Query.safeParse(await searchParams);
  if (!query.success) return <IncompleteLink />;
  const { token, email, callbackUrl } = query.data;
  return (
    <div className="mx-auto max-w-form">
      <h1 className="text-title">Almost there</h1>
      <p className="mt-2 mb-6 text-muted">Press the button to sign in on this device.</p>
      <Card>
        <p className="text-small text-muted">You sign in as</p>
        <p className="mb-5 font-semibold">{email}</p>
        <form method="post" action="/sign-in/confirmed">
          <input type="hidden" name="callbackUrl" value={safeReturnPath(callbackUrl)} />
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="email" value={email} />
          <Button type="submit" className="w-full">
            Sign in
          </Button>
        </form>
      </Card>
      <p className="mt-4 text-small text-muted">
        You did not ask for this? Close the page and nothing happens.
      </p>
    </div>
  );
}

function IncompleteLink() {
  return (
    <div className="mx-auto max-w-form">
      <h1 className="text-title">This link is incomplete</h1>
      <p className="mt-2 mb-6 text-muted">
        Part of it was lost on the way. Copy the whole link from the mail, or ask for a new one.
      </p>
      <LinkButton href="/sign-in">Ask for a new link</LinkButton>
    </div>
  );
}
