import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AuthConfig } from "@/lib/auth/auth-options";
import { findViewer } from "@/lib/auth/find-viewer";
import { openSession } from "@/lib/auth/open-session";
import { runNextAuth } from "@/lib/auth/run-next-auth";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { listSignInMethods } from "@/lib/services/sign-in/list-sign-in-methods";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";

type Provider = "github" | "google";
/** Who is signed in at the providers. */
type Person = { id: number; name: string; email: string; isVerified: boolean };

let world: TestWorld;
let server: Server;
let origin: string;
let person: Person;
/** What each code was given out for, as a provider keeps it. */
const grants = new Map<string, { challenge: string; person: Person }>();
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

beforeAll(async () => {
  world = await openTestWorld();
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, body } = answerAsProvider(
      request.url ?? "",
      Buffer.concat(chunks).toString(),
      request.headers,
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await world.close();
});
beforeEach(() => {
  person = {
    id: Math.floor(Math.random() * 1e9),
    name: "Ada",
    email: `${randomUUID()}@person.test`,
    isVerified: true,
  };
});

/** GitHub and Google in one, as far as a sign-in goes: the token is for who shows the verifier of the challenge. */
function answerAsProvider(url: string, body: string, headers: NodeJS.Dict<string | string[]>) {
  const { pathname } = new URL(url, origin);
  const ok = (answer: unknown) => ({ status: 200, body: answer });
  if (pathname === "/.well-known/openid-configuration") {
    return ok({
      issuer: origin,
      authorization_endpoint: `${origin}/o/oauth2/v2/auth`,
      token_endpoint: `${origin}/token`,
      jwks_uri: `${origin}/certs`,
    });
  }
  if (pathname === "/certs")
    return ok({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] });
  if (pathname === "/token" || pathname === "/login/oauth/access_token") {
    const fields = new URLSearchParams(body);
    const grant = grants.get(fields.get("code") ?? "");
    const shown = createHash("sha256")
      .update(fields.get("code_verifier") ?? "")
      .digest("base64url");
    if (!grant || grant.challenge !== shown) return { status: 400, body: { error: "invalid_grant" } };
    grants.delete(fields.get("code") ?? "");
    const accessToken = Buffer.from(JSON.stringify(grant.person)).toString("base64url");
    return ok({
      access_token: accessToken,
      token_type: "bearer",
      ...(pathname === "/token" ? { id_token: idToken(grant.person) } : {}),
    });
  }
  const bearer = String(headers.authorization ?? "").replace("Bearer ", "");
  const who = JSON.parse(Buffer.from(bearer, "base64url").toString() || "null") as Person | null;
  if (!who) return { status: 401, body: {} };
  if (pathname === "/user")
    return ok({ id: who.id, login: "ada", name: who.name, email: "public@elsewhere.test" });
  if (pathname === "/user/emails") {
    return ok([
      { email: "second@elsewhere.test", primary: false, verified: true },
      { email: who.email, primary: true, verified: who.isVerified },
    ]);
  }
  return { status: 404, body: {} };
}

function idToken({ id, name, email, isVerified }: Person): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: origin,
    aud: "client",
    sub: String(id),
    iat: now,
    exp: now + 60,
    name,
    email,
    email_verified: isVerified,
  };
  const signed = `${part({ alg: "RS256", kid: "1" })}.${part(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

function config(sessionToken: string | null = null): AuthConfig {
  const client = { clientId: "client", clientSecret: "secret" };
  return {
    ...world.ctx,
    env: { ...world.ctx.env, oauth: { github: client, google: client } },
    userAgent: "Firefox/145.0",
    sessionToken,
    safeReturnPath,
    oauthHosts: { github: origin, githubApi: origin, google: origin },
  };
}

type Jar = Record<string, string>;
const addTo = (jar: Jar, setCookies: string[]): Jar => ({
  ...jar,
  ...Object.fromEntries(
    setCookies.map((header) => {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      return [name, decodeURIComponent(value)];
    }),
  ),
});

/** Sets out, and says yes at the provider. */
async function setOut(provider: Provider, jar: Jar = {}, returnTo = "/playground?plan=pro") {
  const { location, setCookies } = await runNextAuth(config(), {
    action: "signin",
    provider,
    query: {},
    cookies: jar,
    returnTo,
  });
  const asked = new URL(location);
  const code = randomUUID();
  grants.set(code, { challenge: asked.searchParams.get("code_challenge") ?? "", person });
  const query = { code, state: asked.searchParams.get("state") ?? "" };
  return { asked, query, jar: addTo(jar, setCookies) };
}

async function comeBack(provider: Provider, query: Record<string, string>, jar: Jar) {
  const sessionToken = jar["next-auth.session-token"] ?? null;
  const { location, setCookies } = await runNextAuth(config(sessionToken), {
    action: "callback",
    provider,
    query,
    cookies: jar,
  });
  const after = addTo(jar, setCookies);
  const token = after["next-auth.session-token"];
  const viewer = await findViewer(world.ctx, token);
  const { pathname, search, searchParams } = new URL(location);
  return { viewer, token, path: `${pathname}${search}`, error: searchParams.get("error") };
}

async function signInWith(provider: Provider, jar: Jar = {}) {
  const started = await setOut(provider, jar);
  return comeBack(provider, started.query, started.jar);
}

describe.each(["github", "google"] as const)("signing in with %s", (provider) => {
  test("makes the account, keeps no token, and leads back to what one was doing", async () => {
    const { asked, query, jar } = await setOut(provider);
    expect(asked.origin).toBe(origin);
    expect(asked.searchParams.get("redirect_uri")).toBe(
      `http://localhost:3000/api/auth/callback/${provider}`,
    );
    expect(asked.searchParams.get("code_challenge_method")).toBe("S256");
    const { viewer, path } = await comeBack(provider, query, jar);
    expect(viewer).toMatchObject({ email: person.email });
    expect(path).toBe("/playground?plan=pro");
    const user = await world.ctx.db.user.findUniqueOrThrow({
      where: { email: person.email },
      include: { accounts: true },
    });
    expect(user.emailVerified).not.toBeNull();
    expect(user.accounts).toEqual([
      { userId: user.id, type: "oauth", provider, providerAccountId: String(person.id) },
    ]);
    expect((await signInWith(provider)).viewer?.userId).toBe(user.id);
  });

  test("an address that is known and that the provider vouches for is the same person", async () => {
    const { userId } = await world.createPerson(person.email);
    expect((await signInWith(provider)).viewer?.userId).toBe(userId);
  });

  test("an address that it does not vouch for opens nothing and makes nobody (V11)", async () => {
    const { userId } = await world.createPerson(person.email);
    person.isVerified = false;
    const known = await signInWith(provider);
    expect([known.viewer, known.error]).toEqual([null, "OAuthUnverified"]);
    expect(await world.ctx.db.account.count({ where: { userId } })).toBe(0);
    person.email = `${randomUUID()}@person.test`;
    expect((await signInWith(provider)).error).toBe("OAuthUnverified");
    expect(await world.ctx.db.user.count({ where: { email: person.email } })).toBe(0);
  });

  test("who is signed in connects it, whatever its address, stays signed in, and gets in by it later", async () => {
    person.isVerified = false;
    const { userId } = await world.createPerson();
    const { sessionToken } = await openSession(world.ctx.db, { userId, userAgent: null });
    const connected = await signInWith(provider, { "next-auth.session-token": sessionToken });
    expect([connected.viewer?.userId, connected.token]).toEqual([userId, sessionToken]);
    expect(await listSignInMethods(config(), { userId })).toContainEqual({
      provider,
      isConnected: true,
      isOffered: true,
    });
    expect((await signInWith(provider)).viewer?.userId).toBe(userId);
  });

  test("an account of somebody else's is not connected, and neither is signed in as the other", async () => {
    await signInWith(provider);
    const { userId } = await world.createPerson();
    const { sessionToken } = await openSession(world.ctx.db, { userId, userAgent: null });
    const refused = await signInWith(provider, { "next-auth.session-token": sessionToken });
    expect([refused.viewer?.userId, refused.error]).toEqual([userId, "OAuthAccountNotLinked"]);
  });

  test("a session that is over connects nothing (V11)", async () => {
    person.isVerified = false;
    const { userId } = await world.createPerson();
    const { sessionToken } = await openSession(world.ctx.db, { userId, userAgent: null });
    await world.ctx.db.session.updateMany({ where: { userId }, data: { expires: new Date(Date.now() - 1) } });
    expect((await signInWith(provider, { "next-auth.session-token": sessionToken })).error).toBe(
      "OAuthUnverified",
    );
    expect(await world.ctx.db.account.count({ where: { userId } })).toBe(0);
  });

  test("another browser's code, another state, and no cookies are refused (V11)", async () => {
    const [mine, theirs] = [await setOut(provider), await setOut(provider)];
    const attempts: [Record<string, string>, Jar][] = [
      [mine.query, {}],
      [{ ...mine.query, state: "guessed" }, mine.jar],
      // The attacker's code under the victim's state: only PKCE sees it.
      [{ ...mine.query, code: theirs.query.code }, mine.jar],
      [theirs.query, mine.jar],
    ];
    for (const [query, jar] of attempts) {
      const { viewer, error } = await comeBack(provider, query, jar);
      expect([viewer, error]).toEqual([null, "OAuthCallback"]);
    }
    expect(await world.ctx.db.user.count({ where: { email: person.email } })).toBe(0);
  });

  test("the checks of one provider do not serve another (V11, GHSA-x445-f3h2-j279)", async () => {
    const other = provider === "github" ? "google" : "github";
    const { query, jar } = await setOut(other);
    expect(await comeBack(provider, query, jar)).toMatchObject({ viewer: null, error: "OAuthCallback" });
  });

  test("a return address elsewhere is not followed (V8, V11)", async () => {
    const { query, jar } = await setOut(provider, {}, "https://evil.example/");
    expect((await comeBack(provider, query, jar)).path).toBe("/account/billing");
    const again = await setOut(provider);
    const tampered = { ...again.jar, "next-auth.callback-url": "https://evil.example/" };
    expect((await comeBack(provider, again.query, tampered)).path).toBe("/account/billing");
  });
});

test("GitHub's public address counts for nothing: only the list of verified ones does (V11)", async () => {
  const { userId } = await world.createPerson("public@elsewhere.test");
  const { viewer } = await signInWith("github");
  expect(viewer?.userId).not.toBe(userId);
  expect(viewer?.email).toBe(person.email);
});
