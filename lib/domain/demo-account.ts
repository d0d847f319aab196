/**
 * Demo accounts exist in local mode only. Their addresses are told by a domain that nobody can have, so that those
 * made in a database that later went live are known for what they are.
 */
export const DEMO_ACCOUNTS = [
  "free@demo.test",
  "pro@demo.test",
  "pastdue@demo.test",
  "owner@demo.test",
  "member@demo.test",
  "admin@demo.test",
] as const;
export type DemoAccount = (typeof DEMO_ACCOUNTS)[number];

/** What each is for, in a few words beside its button. */
export const DEMO_ACCOUNT_LABELS: Record<DemoAccount, string> = {
  "free@demo.test": "free plan, today's limit reached",
  "pro@demo.test": "paid plan, in the middle of its period",
  "pastdue@demo.test": "the last payment failed",
  "owner@demo.test": "owns a team of six",
  "member@demo.test": "is in that team",
  "admin@demo.test": "runs the platform",
};

const DEMO_DOMAIN = "@demo.test";

/** The address of a demo account by its short name, as `tk_local_<name>` names it. */
export function demoAddress(name: string): string {
  return `${name}${DEMO_DOMAIN}`;
}

export function isDemoAddress(email: string): boolean {
  return email.endsWith(DEMO_DOMAIN);
}
