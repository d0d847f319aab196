import type { Appearance } from "@stripe/stripe-js";

/** Our tokens under Stripe's names. https://docs.stripe.com/elements/appearance-api#commonly-used-variables */
const COLORS = {
  colorPrimary: "--color-accent",
  colorBackground: "--color-surface",
  colorText: "--color-ink",
  colorTextSecondary: "--color-muted",
  colorTextPlaceholder: "--color-muted",
  colorDanger: "--color-danger",
};

const PREFERS_DARK = "(prefers-color-scheme: dark)";

/** How Stripe's fields look like ours. Their frames cannot see our styles, so they are told what these come to here. */
export function readStripeAppearance(place: HTMLElement): Appearance {
  const probe = place.appendChild(document.createElement("span"));
  const colorOf = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colors = Object.entries(COLORS).map(([name, token]) => [name, colorOf(token)]);
  const border = (token: string) => ({ border: `1px solid ${colorOf(token)}` });
  const rules = { ".Input": border("--color-edge"), ".Input--invalid": border("--color-danger") };
  const { fontFamily } = getComputedStyle(probe);
  probe.remove();
  return {
    theme: isDark() ? "night" : "stripe",
    variables: { ...Object.fromEntries(colors), fontFamily, borderRadius: "8px" },
    rules,
  };
}

/** Calls back when light turns dark or dark turns light. @returns what ends that. */
export function watchColorScheme(onChange: () => void): () => void {
  const dark = matchMedia(PREFERS_DARK);
  const theme = new MutationObserver(onChange);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  dark.addEventListener("change", onChange);
  return () => {
    theme.disconnect();
    dark.removeEventListener("change", onChange);
  };
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia(PREFERS_DARK).matches : theme === "dark";
}
