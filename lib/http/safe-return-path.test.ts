import { expect, test } from "vitest";
import { safeReturnPath } from "./safe-return-path";

const OWN = "https://billing.example.com";

test.each([
  "/pricing",
  "/account/billing?session_id=cs_1",
  "/subscribe?plan=pro&interval=month#x",
  "/a/b/../c",
  "/%2F%2Fevil.example",
])("%s is a path here and is followed", (path) => {
  expect(new URL(safeReturnPath(path), OWN).origin).toBe(OWN);
  expect(safeReturnPath(path)).not.toBe("/account/billing");
});

test.each([
  "https://evil.example",
  "HTTPS://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/ /evil.example",
  "/.//evil.example",
  "/%2e//evil.example",
  "/a/..//evil.example",
  "/a/../..//evil.example/x?y#z",
  "javascript:alert(1)",
  "data:text/html,x",
  "evil.example",
  "@evil.example",
  ".evil.example",
  ":80",
  "?x",
  "#x",
  "",
  undefined,
  null,
])("%j is answered with the page everybody has (V8)", (value) => {
  expect(safeReturnPath(value)).toBe("/account/billing");
});
