import Link from "next/link";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { LinkButton } from "@/components/link-button";
import type { FormAction } from "@/lib/domain/action-state";
import { NavLink } from "./nav-link";
import { ProductMark } from "./product-mark";

/** What stands above every page. On a phone its links take a row of their own. */
export function SiteHeader({ account, isLocal, signOutAction }: SiteHeaderProps) {
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 sm:px-6">
        <Link href="/" className="inline-flex min-h-9 items-center gap-2.5 font-semibold tracking-tight">
          <ProductMark />
          Tollkeeper
        </Link>
        <div className="order-last -mx-2.5 flex w-full items-center sm:order-none sm:mx-0 sm:ml-5 sm:w-auto sm:gap-2">
          <nav aria-label="Main">
            <ul className="flex">
              <li>
                <NavLink href="/pricing" label="Pricing" />
              </li>
              <li>
                <NavLink href="/playground" label="Playground" />
              </li>
              <li>
                <NavLink href="/account/billing" label="Billing" />
              </li>
            </ul>
          </nav>
          {isLocal ? <LocalModeBadge /> : null}
        </div>
        <div className="flex min-h-11 min-w-0 flex-1 items-center justify-end gap-2 sm:gap-3">
          <Account account={account} signOutAction={signOutAction} />
        </div>
      </div>
    </header>
  );
}

type SiteHeaderProps = {
  /** Null = nobody is signed in; "unknown" = it could not be asked. */
  account: { email: string } | null | "unknown";
  isLocal: boolean;
  signOutAction: FormAction;
};

function Account({ account, signOutAction }: Pick<SiteHeaderProps, "account" | "signOutAction">) {
  if (account === "unknown") return null;
  if (!account) {
    return (
      <LinkButton href="/sign-in" variant="secondary" size="small">
        Sign in
      </LinkButton>
    );
  }
  return (
    <>
      <span className="truncate text-small text-muted" title={account.email}>
        <span className="sr-only">Signed in as </span>
        {account.email}
      </span>
      <ActionForm action={signOutAction}>
        <SubmitButton variant="secondary" size="small" className="whitespace-nowrap">
          Sign out
        </SubmitButton>
      </ActionForm>
    </>
  );
}

function LocalModeBadge() {
  return (
    <Link
      href="/setup"
      className="mr-2.5 ml-auto inline-flex min-h-7 items-center rounded-pill border border-line px-2.5 text-small whitespace-nowrap text-muted hover:bg-sunken sm:mr-0"
    >
      Local mode
    </Link>
  );
}
