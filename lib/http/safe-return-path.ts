/**
 * Where to go after signing in: a path on this site, or `/account/billing`. Whatever a browser could read as
 * another site is not followed. (V8)
 */
export function safeReturnPath(returnTo: string | undefined | null): string {
  const fallback = "/account/billing";
  if (!returnTo?.startsWith("/") || /[\\\s]|^\/\//.test(returnTo)) return fallback;
  // Resolved against a host that cannot exist, so anything that leaves it is seen.
  const base = "http://return.invalid";
  if (!URL.canParse(returnTo, base)) return fallback;
  const url = new URL(returnTo, base);
  // Resolving removes "." and "..", and what was "/.//host" would then name another site.
  if (url.origin !== base || url.pathname.startsWith("//")) return fallback;
  return `${url.pathname}${url.search}${url.hash}`;
}
