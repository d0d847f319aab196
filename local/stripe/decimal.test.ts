import fc from "fast-check";
import { expect, test } from "vitest";
import { divideRounded, fromTrillionths, multiplyRounded, toTrillionths } from "./decimal";

test.each([
  ["0.5", 1, 1],
  ["0.4999", 1, 0],
  ["1.5", 1, 2],
  ["2.5", 1, 3],
  ["-0.5", 1, -1],
  ["0.000000000001", 500_000_000_000, 1],
  ["0.000000000001", 499_999_999_999, 0],
  ["0.1", 3, 0],
  ["123.45", 100, 12_345],
])("%s times %s is %s, halves away from zero", (unit, quantity, amount) => {
  expect(multiplyRounded(unit, quantity)).toBe(amount);
});

test("what floats get wrong is exact", () => {
  // 1.005 * 1000 is 1004.9999999999999 and 8.165 * 100 is 816.4999999999999.
  expect(multiplyRounded("1.005", 1000)).toBe(1005);
  expect(multiplyRounded("8.165", 100)).toBe(817);
});

test("a decimal survives the way there and back, without idle zeros", () => {
  expect(fromTrillionths(toTrillionths("001.500"))).toBe("1.5");
  const whole = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
  fc.assert(fc.property(whole, (value) => toTrillionths(fromTrillionths(value)) === value));
});

test("more than twelve places are an error, not a rounding", () => {
  expect(() => toTrillionths("0.0000000000001")).toThrow("12 places");
  expect(() => toTrillionths("1e3")).toThrow("Not a decimal");
});

test("rounding is symmetric around zero", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (a, b) => {
      expect(divideRounded(-a, b)).toBe(-divideRounded(a, b) + 0);
    }),
  );
});
