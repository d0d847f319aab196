import { cookies } from "next/headers";
import { readTheme, THEME_COOKIE, type Theme } from "@/lib/domain/theme";

/** The reader's choice, or "system". */
export async function readThemeCookie(): Promise<Theme> {
  return readTheme((await cookies()).get(THEME_COOKIE)?.value);
}
