import { describe, expect, test } from "vitest";
import { readEnv } from "@/lib/env";
import { assertLocalHost, assertSameOrigin, bearerToken } from "./request-guards";
import { secretsEqual } from "./secrets-equal";

function envOf(source: Record<string, string>) {
  const result = readEnv(source);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.env;
}

const LOCAL = envOf({});
const HOSTED = { ...LOCAL, local: false, appUrl: "https://billing.example.com" };

function requestFrom(origin: string | null, method = "POST"): Request {
  return new Request("https://billing.example.com/api/v1/billing/checkout", {
    method,
    headers: origin === null ? {} : { origin },
  });
}

describe("a change that is authenticated by cookie (V3)", () => {
  test("is taken from our own pages", () => {
    expect(() => assertSameOrigin(HOSTED, requestFrom("https://billing.example.com"))).not.toThrow();
  });

  test.each([
    "https://evil.example",
    "https://billing.example.com.evil.example",
    "https://evil.billing.example.com",
    "http://billing.example.com",
    "https://billing.example.com:8443",
    "http://localhost:3000",
    "https://localhost",
    "null",
    "",
    null,
  ])("is refused from %j", (origin) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(() => assertSameOrigin(HOSTED, requestFrom(origin, method))).toThrow(/our own pages/);
  });

  test("is not what a GET is", () => {
    expect(() => assertSameOrigin(HOSTED, requestFrom("https://evil.example", "GET"))).not.toThrow();
  });

  test.each([
    ["http://localhost:3000", true],
    ["http://127.0.0.1:3000", true],
    ["http://[::1]:3000", true],
    ["http://127.0.0.1:8025", false],
    ["https://localhost:3000", false],
    ["http://evil.example:3000", false],
  ])("in local mode from %s is taken: %s", (origin, isTaken) => {
    const check = () => assertSameOrigin(LOCAL, requestFrom(origin));
    if (isTaken) expect(check).not.toThrow();
    else expect(check).toThrow(/our own pages/);
  });
});

describe("in local mode only this machine may call", () => {
  test.each([
    ["127.0.0.1", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["127.0.0.1, ::1", true],
    ["192.168.1.20", false],
    ["127.0.0.1, 203.0.113.9", false],
    ["::ffff:203.0.113.9", false],
    ["unknown", false],
  ])("a caller at %s is let in: %s", (address, isLetIn) => {
    const check = () =>
      assertLocalHost(LOCAL, new Headers({ host: "localhost:3000", "x-forwarded-for": address }));
    if (isLetIn) expect(check).not.toThrow();
    else expect(check).toThrow(/this machine only/);
  });

  test.each([
    ["localhost:3000", true],
    ["127.0.0.1:3000", true],
    ["[::1]:3000", true],
    ["evil.example", false],
    ["localhost.evil.example", false],
    ["localhost@evil.example", false],
    ["192.168.1.5:3000", false],
    ["", false],
  ])("by the Host %j: %s", (host, isTaken) => {
    const check = () => assertLocalHost(LOCAL, new Headers({ host }));
    if (isTaken) expect(check).not.toThrow();
    else expect(check).toThrow(/this machine only/);
  });

  test("and elsewhere anybody, by whatever name the host is reached", () => {
    expect(() => assertLocalHost(HOSTED, new Headers({ host: "10.0.0.7" }))).not.toThrow();
  });
});

test.each([
  ["secret", "secret", true],
  ["secreT", "secret", false],
  ["secre", "secret", false],
  ["secret ", "secret", false],
  ["", "secret", false],
  ["sécret", "secret", false],
])("%j is the secret %j: %s", (given, expected, isEqual) => {
  expect(secretsEqual(given, expected)).toBe(isEqual);
});

test.each([
  ["Bearer tk_1", "tk_1"],
  ["bearer tk_1", "tk_1"],
  ["Bearer ", null],
  ["Bearer a b", null],
  ["Basic tk_1", null],
  ["tk_1", null],
])("the key of %j is %j", (authorization, key) => {
  expect(bearerToken(new Request("http://localhost", { headers: { authorization } }))).toBe(key);
});
