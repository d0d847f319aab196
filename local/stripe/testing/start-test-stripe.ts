import Stripe from "stripe";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { type LocalStripe, type StripeOptions, startStripe } from "@/local/stripe/start-stripe";

export type TestStripe = {
  server: LocalStripe;
  /** The unmodified official SDK, pointed at the server. */
  stripe: Stripe;
  /** Calls the control API and gives its JSON. */
  lab(method: string, path: string, body?: unknown): Promise<{ status: number; json: LabJson }>;
  /** Calls the API without the SDK. */
  raw(path: string, init?: RequestInit): Promise<Response>;
};

// The lab's answers are looked into field by field by the tests, which assert what they find.
export type LabJson = Record<string, unknown> & { error?: { message: string; code?: string } };

/** A server of its own on a free port, in memory unless told otherwise. */
export async function startTestStripe(options: Partial<StripeOptions> = {}): Promise<TestStripe> {
  const server = await startStripe({
    port: 0,
    dataDir: null,
    webhookEndpoints: [],
    clockFollowers: [],
    checksAnswers: true,
    ...options,
  });
  const authorization = { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}` };
  return {
    server,
    stripe: createClient(server, LOCAL_CREDENTIALS.stripeSecretKey),
    async lab(method, path, body) {
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${server.url}/lab${path}`, { method, headers: authorization, ...init });
      return { status: response.status, json: (await response.json()) as LabJson };
    },
    raw: (path, init = {}) =>
      fetch(`${server.url}${path}`, { ...init, headers: { ...authorization, ...init.headers } }),
  };
}

/** The SDK with a key of choice; it retries nothing by itself, so a test sees every answer. */
export function createClient(server: LocalStripe, key: string): Stripe {
  return new Stripe(key, {
    host: "127.0.0.1",
    port: server.port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** The error a call is refused with. Fails when it is not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error("The call was not refused.");
}
