import { expect, test } from "vitest";

import { withoutKeyLocking } from "./script-flags";

test.each([
  ["a script without flags stays as it is", "return 1", "return 1"],
  [
    "flags of plain Redis stay as they are",
    "#!lua flags=no-writes\nreturn 1",
    "#!lua flags=no-writes\nreturn 1",
  ],
  ["the only flag goes with its line emptied", "#!lua flags=allow-key-locking\nreturn 1", "\nreturn 1"],
  [
    "another flag stays",
    "#!lua flags=no-writes, allow-key-locking\nreturn 1",
    "#!lua flags=no-writes\nreturn 1",
  ],
])("%s", (_case, script, expected) => {
  expect(withoutKeyLocking(script)).toBe(expected);
});
