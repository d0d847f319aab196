import { expect, test } from "vitest";
import { readArguments } from "./read-arguments";

test("a command and its flags", () => {
  expect(readArguments(["push", "--file", "a.json", "--dry-run"])).toEqual({
    command: "push",
    file: "a.json",
    catalogue: null,
    isDryRun: true,
    mayReplace: false,
  });
  expect(readArguments(["diff", "--help"])).toBeNull();
});

test.each<[string[], RegExp]>([
  [[], /^Which command\? There are: validate, diff, push, pull\./],
  [["publish"], /^There is no command "publish"\. There are: validate, diff, push, pull\./],
  [["diff", "--fille", "x"], /^Unknown option '--fille'\. There are: --file, --catalogue, --dry-run/],
  [["diff", "--file"], /--file.* argument missing\. There are: --file/],
  [["diff", "--dry-run"], /^diff has no flag --dry-run\. diff takes --file, --catalogue\./],
  [["pull", "--catalogue", "learning"], /^pull has no flag --catalogue\. pull takes --file\./],
  [["push", "learning"], /^"learning" is too much: a file is named by --file\./],
  [["push", "--file", "a.json", "--catalogue", "learning"], /^--file and --catalogue both say/],
])("%j is refused with what there is", (args, message) => {
  expect(() => readArguments(args)).toThrow(message);
});

test("flags that npm kept for itself are missed: without them a dry run would be none", () => {
  expect(() => readArguments(["push"], { npm_config_dry_run: "true" })).toThrow(
    'npm took --dry-run for its own: write "--" first',
  );
});
