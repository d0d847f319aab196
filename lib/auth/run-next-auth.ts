import { createHash, randomBytes } from "node:crypto";
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { type AuthConfig, authOptions } from "./auth-options";

export type NextAuthRequest = {
  action: "callback" | "signin";
  provider: string;
  query: Record<string, string>;
  cookies: Record<string, string>;
  /** Where to go in the end; asked of `signin` only, which keeps it in a cookie. */
  returnTo?: string;
};

/** Where to send the browser, and the cookies to give it, each as a whole header. */
export type NextAuthAnswer = { location: string; setCookies: string[] };

/**
 * Runs one step of next-auth and says where it leads. Its pages and its error addresses are not served: whatever
 * would lead there leads to the sign-in page, which explains. No header of the request reaches it: the origin is the
 * configured one, whatever `Host` or `X-Forwarded-Host` say. (V11)
 */
export async function runNextAuth(config: AuthConfig, request: NextAuthRequest): Promise<NextAuthAnswer> {
  const { appUrl, authSecret } = config.env;
  // Read by next-auth before any header. Always the same value, so requests at the same time agree.
  process.env.NEXTAUTH_URL = appUrl;
  const { action, provider } = request;
  const { query, cookies } = withSafeGoals(config, request);
  const csrf = newCsrf(appUrl, authSecret);
  const isStart = action === "signin";
  const answer = collectAnswer();
  await NextAuth(
    // next-auth reads these members alone.
    {
      method: isStart ? "POST" : "GET",
      query: { ...query, nextauth: [action, provider] },
      headers: {},
      // The caller has seen to it that the request is from our own page, so its token is made right here.
      cookies: isStart ? { ...cookies, [csrf.name]: csrf.cookie } : cookies,
      body: isStart ? { csrfToken: csrf.token, callbackUrl: request.returnTo } : undefined,
    } as unknown as NextApiRequest,
    answer.response,
    authOptions(config),
  );
  return { location: ownPage(appUrl, answer.location()), setCookies: answer.setCookies() };
}

/**
 * Where to go in the end comes in the address or in a cookie. next-auth fails as a whole where it is no address, so
 * both are made paths of ours before it sees them.
 */
function withSafeGoals(
  { env, safeReturnPath }: AuthConfig,
  { query, cookies }: NextAuthRequest,
): Pick<NextAuthRequest, "query" | "cookies"> {
  const own = (goal: string) =>
    safeReturnPath(goal.startsWith(`${env.appUrl}/`) ? goal.slice(env.appUrl.length) : goal);
  const clean = (values: Record<string, string>, isGoal: (name: string) => boolean) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, isGoal(name) ? own(value) : value]),
    );
  return {
    query: clean(query, (name) => name === "callbackUrl"),
    cookies: clean(cookies, (name) => name.endsWith("next-auth.callback-url")),
  };
}

/** next-auth's double-submit token: https://next-auth.js.org/configuration/options#cookies */
function newCsrf(appUrl: string, secret: string): { name: string; token: string; cookie: string } {
  const token = randomBytes(32).toString("hex");
  const hash = createHash("sha256").update(`${token}${secret}`).digest("hex");
  const name = appUrl.startsWith("https:") ? "__Host-next-auth.csrf-token" : "next-auth.csrf-token";
  return { name, token, cookie: `${token}|${hash}` };
}

/** As much of a response as next-auth writes to. */
function collectAnswer() {
  const headers = new Map<string, string | string[]>();
  const response = {
    status: () => response,
    getHeader: (name: string) => headers.get(name.toLowerCase()),
    setHeader: (name: string, value: string | string[]) => {
      headers.set(name.toLowerCase(), value);
      return response;
    },
    end: () => response,
    json: () => response,
    send: () => response,
  };
  return {
    response: response as unknown as NextApiResponse,
    location: () => headers.get("location")?.toString() ?? null,
    setCookies: () => [headers.get("set-cookie") ?? []].flat(),
  };
}

function ownPage(appUrl: string, location: string | null): string {
  const failed = (code: string) => `${appUrl}/sign-in?error=${encodeURIComponent(code)}`;
  if (!location) return failed("Configuration");
  if (!location.startsWith(`${appUrl}/api/auth/`)) return location;
  return failed(new URL(location).searchParams.get("error") ?? "Callback");
}
