/**
 * The keys of the stand-ins. They are public on purpose: they open nothing but servers bound to
 * 127.0.0.1 on the developer's own machine. `lib/env.ts` holds the same values for local mode
 * (the app never imports `local/`); `local/credentials.test.ts` keeps the two equal.
 */
export const LOCAL_CREDENTIALS = {
  databaseUser: "postgres",
  databasePassword: "postgres",
  databaseName: "tollkeeper",
  redisToken: "tk_local_redis",
  resendApiKey: "re_local",
  stripeSecretKey: "sk_test_local",
  stripePublishableKey: "pk_test_local",
  stripeWebhookSecret: "whsec_local_tollkeeper",
} as const;
