/**
 * What went wrong, in words with a way on.
 * next-auth's codes: https://next-auth.js.org/configuration/pages#error-codes; the unverified address is ours.
 */
export function signInErrorText(code: string): string {
  switch (code) {
    case "Verification":
      return "This link has expired or was used before. Ask for a new one below.";
    case "OAuthUnverified":
      return "The provider does not vouch for your address there, so we cannot know you by it. Sign in by mail first, then connect it under Security.";
    case "OAuthAccountNotLinked":
      return "That account is connected to somebody else here. Sign in by mail, or use another account.";
    case "OAuthCallback":
    case "OAuthSignin":
      return "Signing in with the other account was broken off, or took too long. Try again, or sign in by mail.";
    case "AccessDenied":
      return "This account may not sign in.";
    default:
      return "Signing in failed on our side. Please ask for a new link below.";
  }
}
