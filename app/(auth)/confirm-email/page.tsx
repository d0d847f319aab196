import type { Metadata } from "next";
import { z } from "zod";
import { Card } from "@/components/card";
import { DescriptionList } from "@/components/description-list";
import { LinkButton } from "@/components/link-button";
import { ConfirmEmailForm } from "@/components/security/confirm-email-form";
import { getContext } from "@/lib/context";
import { findEmailChange } from "@/lib/services/email-change/find-email-change";
import { confirmEmailChangeAction } from "./confirm-email-change-action";

// The address carries the token: no other site may be told it. Our own must be told the origin, to know the form by.
export const metadata: Metadata = {
  title: "Confirm your new e-mail address",
  referrer: "same-origin",
  robots: { index: false },
};

const Query = z.object({ token: z.string().min(1).max(200) });

/** Where the links of a change of address lead. Mail scanners follow links, so only the button confirms. */
export default async function ConfirmEmailPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const query = Query.safeParse(await searchParams);
  const change = query.success ? await findEmailChange(getContext(), query.data) : null;
  if (!query.success || !change) return <Over />;
  return (
    <div className="mx-auto max-w-form">
      <h1 className="text-title">Confirm your new e-mail address</h1>
      <p className="mt-2 mb-6 text-muted">It changes once both addresses have confirmed it.</p>
      <Card>
        <DescriptionList
          className="mb-5"
          items={[
            { term: "So far", detail: change.oldEmail },
            { term: "From now on", detail: change.newEmail },
          ]}
        />
        <ConfirmEmailForm
          action={confirmEmailChangeAction}
          token={query.data.token}
          isConfirmed={change.isConfirmedHere}
        />
      </Card>
      <p className="mt-4 text-small text-muted">
        You did not ask for this? Close the page and nothing happens.
      </p>
    </div>
  );
}

function Over() {
  return (
    <div className="mx-auto max-w-form">
      <h1 className="text-title">This link is over</h1>
      <p className="mt-2 mb-6 text-muted">
        It has expired, was replaced by a newer one, or the change has happened already.
      </p>
      <LinkButton href="/account/security">See your address</LinkButton>
    </div>
  );
}
