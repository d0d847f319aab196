"use client";

import { SegmentedControl } from "@/components/form/segmented-control";
import { readTheme, type Theme } from "@/lib/domain/theme";
import { THEME_OPTIONS } from "./theme-options";
import { useTheme } from "./use-theme";

const OPTIONS = THEME_OPTIONS.map((option) => ({ ...option, isLabelHidden: true }));

/** Light, dark, or as the system has it. In force at once, and on this browser's next visit. */
export function ThemeSwitch({ serverTheme }: { serverTheme: Theme }) {
  const [theme, chooseTheme] = useTheme(serverTheme);
  return (
    <SegmentedControl
      name="theme"
      legend="Theme"
      options={OPTIONS}
      value={theme}
      onValueChange={(value) => chooseTheme(readTheme(value))}
      className="noscript:hidden"
    />
  );
}
