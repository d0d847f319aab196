import { expect, test } from "vitest";
import { formatSignInCode, parseSignInCode } from "./sign-in-code";

test.each(["123456", "123 456", " 123-456\n", "1 2 3 4 5 6", "123\u2013456", "123\u00A0456"])(
  "%j is the code 123456, however it was pasted",
  (typed) => {
    expect(parseSignInCode(typed)).toBe("123456");
  },
);

test.each(["", "12345", "1234567", "12345a", "\u0661\u0662\u0663\u0664\u0665\u0666", "123456 123456"])(
  "%j is no code",
  (typed) => {
    expect(parseSignInCode(typed)).toBeNull();
  },
);

test("what the mail shows can be typed", () => {
  expect(formatSignInCode("012345")).toBe("012 345");
  expect(parseSignInCode(formatSignInCode("012345"))).toBe("012345");
});
