import { LinkButton } from "@/components/link-button";

/** The way to one's account, or to sign in. Both lead somewhere whoever follows them. */
export function AccountLink({ isSignedIn }: { isSignedIn: boolean }) {
  return (
    <LinkButton href={isSignedIn ? "/account/billing" : "/sign-in"} variant="secondary" size="small">
      {isSignedIn ? "Your account" : "Sign in"}
    </LinkButton>
  );
}
