import { signPayload } from "./sign-payload";

export type PostAnswer = {
  responseStatus: number | null;
  error: string | null;
  /** Whether nobody listens there, which says nothing of what the endpoint would answer. */
  isUnreachable: boolean;
};

/** Sends one event. Anything but a 2xx is a failure, redirects included. */
export async function postEvent(
  url: string,
  payload: string,
  secret: string,
  signal: AbortSignal,
): Promise<PostAnswer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      signal,
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signPayload(payload, secret, Date.now()),
        "User-Agent": "Stripe/1.0 (+https://docs.stripe.com/webhooks; local)",
      },
      body: payload,
    });
    await response.arrayBuffer();
    const error = response.ok ? null : `Answered ${response.status}.`;
    return { responseStatus: response.status, error, isUnreachable: false };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const message = cause instanceof Error ? cause.message : String(cause);
    return { responseStatus: null, error: message, isUnreachable: isRefusedConnection(cause) };
  }
}

function isRefusedConnection(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("code" in cause)) return false;
  return ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "EAI_AGAIN"].includes(String(cause.code));
}
