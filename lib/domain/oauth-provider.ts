/** Whose accounts one can sign in with, where an installation has a client there. */
export const OAUTH_PROVIDERS = ["github", "google"] as const;
export type OauthProviderId = (typeof OAUTH_PROVIDERS)[number];

export const OAUTH_PROVIDER_NAMES: Record<OauthProviderId, string> = { github: "GitHub", google: "Google" };
