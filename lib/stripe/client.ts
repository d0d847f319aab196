import Stripe from "stripe";
import type { Env } from "@/lib/env";

/** The official SDK, pointed at the local Stripe in local mode. It repeats a failed call once, under the same key. */
export function openStripe(env: Env["stripe"]): Stripe {
  const options: ConstructorParameters<typeof Stripe>[1] = {
    maxNetworkRetries: 1,
    timeout: 10_000,
    telemetry: false,
  };
  if (env.localUrl) {
    const url = new URL(env.localUrl);
    return new Stripe(env.secretKey, { ...options, protocol: "http", host: url.hostname, port: url.port });
  }
  return new Stripe(env.secretKey, options);
}
