import { AppError } from "@/lib/app-error";
import type { Env } from "@/lib/env";
import { isLoopbackHost } from "@/lib/env";

/**
 * In local mode only this machine may call. A foreign `Host` is a page elsewhere whose name was pointed at
 * 127.0.0.1; a foreign address in `x-forwarded-for`, which Next fills in from the socket, is a caller from
 * outside. Stands here and not only in proxy.ts, which may be bypassed.
 * @throws AppError `forbidden`
 */
export function assertLocalHost(env: Env, headers: Headers): void {
  if (!env.local) return;
  const host = headers.get("host") ?? "";
  const callers = (headers.get("x-forwarded-for") ?? "").split(",").map((address) => address.trim());
  const isLocalHost = URL.canParse(`http://${host}`) && isLoopbackHost(new URL(`http://${host}`).hostname);
  if (!isLocalHost || !callers.filter(Boolean).every(isLoopbackAddress)) {
    throw new AppError("forbidden", "Local mode answers this machine only.");
  }
}

/** An IPv4 address may come as IPv6 writes it. */
function isLoopbackAddress(address: string): boolean {
  return isLoopbackHost(address.replace(/^::ffff:/i, ""));
}

/**
 * A request that is authenticated by cookie and changes something must come from our own pages.
 * @throws AppError `forbidden`. (V3)
 */
export function assertSameOrigin(env: Env, request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.get("origin");
  const own = new URL(env.appUrl);
  const isOwn = origin !== null && URL.canParse(origin) && isOwnOrigin(new URL(origin), own, env.local);
  if (!isOwn) throw new AppError("forbidden", "This request did not come from our own pages.");
}

/** In local mode localhost and 127.0.0.1 are the same place. */
function isOwnOrigin(origin: URL, own: URL, local: boolean): boolean {
  if (origin.origin === own.origin) return true;
  return (
    local && isLoopbackHost(origin.hostname) && origin.port === own.port && origin.protocol === own.protocol
  );
}

/** The key of `Authorization: Bearer …`, or null when the request carries none. */
export function bearerToken(request: Request): string | null {
  return /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** A cookie of the request, or null. */
export function cookieOf(request: Request, name: string): string | null {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}
