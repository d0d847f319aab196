"use client";

import { useSyncExternalStore } from "react";
import { readTheme, type Theme, themeCookie } from "@/lib/domain/theme";

/**
 * The theme in force, which the root element carries, and how to choose another. However many controls show it, they
 * agree. `serverTheme` is what the server wrote, and so what the first render shows.
 */
export function useTheme(serverTheme: Theme): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, currentTheme, () => serverTheme);
  return [theme, chooseTheme];
}

function currentTheme(): Theme {
  return readTheme(document.documentElement.dataset.theme);
}

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

function chooseTheme(theme: Theme): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser, and this is one line.
  document.cookie = themeCookie(theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
