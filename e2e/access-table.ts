/**
 * Who may call every route and action of the build. e2e/access.spec.ts reads the build's own lists and fails on one
 * that is not here, or that answers somebody else. (V1)
 */
export type PageAudience =
  /** Anybody. */
  | "anybody"
  /** Signed-in people; others are led to sign in. */
  | "customer"
  /** Platform admins; for others there is no such page. */
  | "admin";
export type RouteAudience =
  | "anybody"
  /** By API key, platform key or session. */
  | "customer"
  /** By API key or platform key, never by session. */
  | "key"
  /** By session from our own pages. */
  | "session"
  /** By platform key, or a platform admin's session. */
  | "platform"
  | "scheduler"
  /** By Stripe's signature. */
  | "stripe"
  /** The stand-ins of local mode. */
  | "stand-in"
  /** The sign-in library's, guarded by its own cookies and tokens. */
  | "sign-in";

export const PAGES: Record<string, PageAudience> = {
  "/": "anybody",
  "/pricing": "anybody",
  "/sign-in": "anybody",
  "/sign-in/confirm": "anybody",
  "/confirm-email": "anybody",
  "/offline": "anybody",
  "/maintenance": "anybody",
  "/setup": "anybody",
  "/dev/components": "anybody",
  "/subscribe": "customer",
  "/playground": "customer",
  "/account/billing": "customer",
  "/account/payment-method": "customer",
  "/account/security": "customer",
  "/account/api-keys": "customer",
  "/admin/api-keys": "admin",
};

export const ROUTES: Record<string, RouteAudience> = {
  "/api/health": "anybody",
  "/api/ready": "anybody",
  "/api/local/bare": "anybody",
  "/api/v1/openapi.json": "anybody",
  "/api/v1/billing/plans": "anybody",
  "/api/local/guarded": "customer",
  "/api/v1/billing/checkout": "customer",
  "/api/v1/billing/entitlements": "customer",
  "/api/v1/billing/subscriptions": "customer",
  "/api/v1/billing/invoices": "customer",
  "/api/v1/billing/usage": "customer",
  "/api/v1/billing/usage/check": "customer",
  "/api/v1/billing/usage/edge": "key",
  "/api/v1/billing/usage/levels": "customer",
  "/api/v1/billing/usage/record": "customer",
  "/api/v1/billing/usage/history": "customer",
  "/api/v1/billing/usage/export": "customer",
  "/api/v1/billing/reservations": "customer",
  "/api/v1/billing/reservations/[id]/commit": "customer",
  "/api/v1/billing/reservations/[id]/release": "customer",
  "/api/v1/billing/credits": "customer",
  "/api/v1/billing/credits/history": "customer",
  "/api/ai/chat": "session",
  "/api/v1/billing/plans/[slug]": "platform",
  "/api/v1/billing/usage/levels/[meter]": "platform",
  "/api/v1/customers": "platform",
  "/api/v1/customers/[external_id]": "platform",
  "/api/cron/stripe-events": "scheduler",
  "/api/cron/stripe-commands": "scheduler",
  "/api/cron/reservations": "scheduler",
  "/api/cron/subscriptions": "scheduler",
  "/api/cron/reconciliation": "scheduler",
  "/api/cron/housekeeping": "scheduler",
  "/api/v1/webhooks/stripe": "stripe",
  "/api/local/clock": "stand-in",
  "/api/auth/[...nextauth]": "sign-in",
  "/sign-in/confirmed": "sign-in",
};

/** Methods that are for fewer than their route is. */
export const NARROWER: Record<string, { method: string; audience: "platform" }> = {
  "/api/v1/billing/plans": { method: "POST", audience: "platform" },
};

/** Server actions by name. */
export const ACTIONS: Record<string, PageAudience> = {
  sendSignInLinkAction: "anybody",
  startDemoSessionAction: "anybody",
  signOutAction: "anybody",
  signInWithCodeAction: "anybody",
  resendSignInLinkAction: "anybody",
  startOauthAction: "anybody",
  confirmEmailChangeAction: "anybody",
  revokeSessionAction: "customer",
  signOutElsewhereAction: "customer",
  signOutEverywhereAction: "customer",
  requestEmailChangeAction: "customer",
  disconnectSignInMethodAction: "customer",
  startCheckoutAction: "customer",
  startCardSetupAction: "customer",
  recordUseAction: "customer",
  createKeyAction: "customer",
  rotateKeyAction: "customer",
  revokeKeyAction: "customer",
  createPlatformKeyAction: "admin",
  rotatePlatformKeyAction: "admin",
  revokePlatformKeyAction: "admin",
};

/** Files that Next serves itself, and the picture of the pricing page, whose name it makes from the folder's. */
export const FILES = [
  "/_not-found",
  "/_global-error",
  "/icon.svg",
  "/favicon.ico",
  "/pricing/opengraph-image-15m7k7",
];
