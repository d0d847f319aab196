import { expect, test } from "vitest";
import { previousAttributes } from "./previous-attributes";

test.each([
  ["nothing changed", { a: 1, h: { b: 2 } }, { a: 1, h: { b: 2 } }, null],
  ["a changed field gives its old value", { a: 1, b: 2 }, { a: 3, b: 2 }, { a: 1 }],
  [
    "a nested hash gives only its changed keys",
    { h: { a: 1, b: 2 } },
    { h: { a: 9, b: 2 } },
    { h: { a: 1 } },
  ],
  ["a new key was null before", { h: {} }, { h: { a: 1 } }, { h: { a: null } }],
  ["a removed key gives its old value", { h: { a: 1 } }, { h: {} }, { h: { a: 1 } }],
  ["an array is given whole", { l: [1, 2] }, { l: [1, 3] }, { l: [1, 2] }],
  [
    "a list object is given whole",
    { i: { object: "list", data: [1], has_more: false } },
    { i: { object: "list", data: [2], has_more: false } },
    { i: { object: "list", data: [1], has_more: false } },
  ],
  ["a hash that became null is given whole", { h: { a: 1 } }, { h: null }, { h: { a: 1 } }],
  ["a hash that was null is null", { h: null }, { h: { a: 1 } }, { h: null }],
])("%s", (_name, before, after, expected) => {
  expect(previousAttributes(before, after)).toEqual(expected);
});
