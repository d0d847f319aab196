import { describe, expect, it } from "vitest";
import { readTheme, themeCookie } from "./theme";

describe("the chosen theme", () => {
  it.each([
    ["light", "light"],
    ["dark", "dark"],
    [undefined, "system"],
    ["", "system"],
    ["system", "system"],
    ['dark" onload="', "system"],
  ] as const)("reads the cookie %s as %s", (value, theme) => {
    expect(readTheme(value)).toBe(theme);
  });

  it("is kept for a year on every page, and forgotten when the system decides", () => {
    expect(themeCookie("dark")).toBe("theme=dark; Max-Age=31536000; Path=/; SameSite=Lax");
    expect(themeCookie("system")).toBe("theme=; Max-Age=0; Path=/; SameSite=Lax");
  });
});
