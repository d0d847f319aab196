/** https://docs.stripe.com/elements/appearance-api */
const THEMES = {
  stripe: {},
  flat: { colorBackground: "#f1f1f1", borderColor: "transparent" },
  night: {
    colorPrimary: "#85d996",
    colorBackground: "#30313d",
    colorText: "#ffffff",
    colorTextSecondary: "#c3c4cc",
    colorTextPlaceholder: "#b0b1ba",
    colorDanger: "#fe87a1",
    borderColor: "#8b8d9b",
  },
};

const VARIABLES =
  "colorPrimary colorBackground colorText colorTextSecondary colorTextPlaceholder colorDanger borderColor fontFamily fontSizeBase fontWeightNormal fontWeightMedium spacingUnit borderRadius".split(
    " ",
  );

const RULE = /^\.(Input|Label|Error|Block|TermsText|Tab)(--[a-z]+)?(:(hover|focus|disabled)|::placeholder)?$/;

const rules = new CSSStyleSheet();
document.adoptedStyleSheets = [rules];

/** Variables become custom properties; rules for the classes these fields have are taken property by property. */
export function applyAppearance({ theme = "stripe", variables = {}, rules: given = {} } = {}) {
  const root = document.documentElement;
  root.style.colorScheme = theme === "night" ? "dark" : "light";
  const values = { ...(THEMES[theme] ?? {}), ...variables };
  for (const name of VARIABLES) {
    if (values[name] === undefined) root.style.removeProperty(`--${name}`);
    else root.style.setProperty(`--${name}`, String(values[name]));
  }
  document.body.style.backgroundColor = isLight(getComputedStyle(document.body).color)
    ? "var(--colorBackground)"
    : "";
  while (rules.cssRules.length > 0) rules.deleteRule(0);
  for (const [selector, properties] of Object.entries(given)) {
    if (!RULE.test(selector)) continue;
    const { style } = rules.cssRules[rules.insertRule(`${selector} {}`)];
    setProperties(style, properties);
  }
}

/** The `style` option of the card Elements. https://docs.stripe.com/js/appendix/style */
export function applyStyle({ base = {}, invalid = {} } = {}) {
  const { "::placeholder": placeholder = {}, ":focus": focus = {}, ...plain } = base;
  for (const [selector, properties] of [
    [".Input", plain],
    [".Input::placeholder", placeholder],
    [".Input:focus", focus],
    [".Input--invalid", invalid],
  ]) {
    const { style } = rules.cssRules[rules.insertRule(`${selector} {}`, rules.cssRules.length)];
    setProperties(style, properties);
  }
}

/** Light text needs its dark ground: what is behind the frame cannot be known in here. */
function isLight(color) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return 0.3 * red + 0.6 * green + 0.1 * blue > 140;
}

function setProperties(style, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "object") continue;
    style.setProperty(
      name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      String(value),
    );
  }
}
