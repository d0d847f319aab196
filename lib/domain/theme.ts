/**
 * Light or dark: the reader's system decides until they do. Their choice is a cookie that the server writes into the
 * first HTML, so that no page appears in the other one for a moment. "system" is the absence of the cookie.
 */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = "theme";

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** What a cookie's value says; whatever is not one of ours says nothing. */
export function readTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}

/** The `document.cookie` assignment that keeps a choice, or forgets it. */
export function themeCookie(theme: Theme): string {
  const attributes = "Path=/; SameSite=Lax";
  return theme === "system"
    ? `${THEME_COOKIE}=; Max-Age=0; ${attributes}`
    : `${THEME_COOKIE}=${theme}; Max-Age=${ONE_YEAR_SECONDS}; ${attributes}`;
}
