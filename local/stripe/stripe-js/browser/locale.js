const LOCALES = ["en", "de", "fr", "es"];

/** The language of a `locale` option; what is not spoken here is told in English. */
export function languageOf(locale) {
  const wanted = !locale || locale === "auto" ? navigator.language : locale;
  const language = String(wanted).slice(0, 2).toLowerCase();
  return LOCALES.includes(language) ? language : "en";
}
