/**
 * The sign-in code: six digits in the same mail as the link, to be typed where the sign-in began. Five tries end the
 * code of a mail; the link goes on working.
 */
export const SIGN_IN_CODE_DIGITS = 6;
export const SIGN_IN_CODE_TRIES = 5;

/** The digits of what was typed or pasted, or null when it is no code. Blanks and dashes do not matter. */
export function parseSignInCode(typed: string): string | null {
  const digits = typed.replace(/[\s\u2010-\u2015-]/g, "");
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}

/** In two groups, as people read it out. */
export function formatSignInCode(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}
