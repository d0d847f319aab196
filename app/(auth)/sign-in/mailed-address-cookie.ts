import "server-only";
import { cookies } from "next/headers";
import { SIGN_IN_LINK_MINUTES } from "@/lib/auth/auth-options";
import { EmailAddress } from "@/lib/domain/email-address";

/** Which address this browser had a mail sent to: a cookie, so that it stands in no address bar and no log. */
const COOKIE = "tollkeeper.sign-in-address";

export async function keepMailedAddress(email: string, { isSecure }: { isSecure: boolean }): Promise<void> {
  (await cookies()).set(COOKIE, email, {
    path: "/sign-in",
    maxAge: SIGN_IN_LINK_MINUTES * 60,
    httpOnly: true,
    sameSite: "lax",
    secure: isSecure,
  });
}

export async function readMailedAddress(): Promise<string | null> {
  return EmailAddress.safeParse((await cookies()).get(COOKIE)?.value).data ?? null;
}
