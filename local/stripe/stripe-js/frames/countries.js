const CODES =
  "AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IL IN IS IT JP KR LI LT LU LV MT MX MY NL NO NZ PH PL PT RO SE SG SI SK TH TR TW UA US VN ZA".split(
    " ",
  );

/** Countries with their names in a language, in the order of that language; only the allowed ones where some are. */
export function countriesIn(language, allowed) {
  const names = new Intl.DisplayNames(language, { type: "region" });
  const codes = allowed && allowed.length > 0 ? allowed : CODES;
  return codes
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, language));
}

/** The country of a person who reads this: that of the browser's language, else the United States. */
export function likelyCountry() {
  const region = new Intl.Locale(navigator.language).region ?? "US";
  return CODES.includes(region) ? region : "US";
}
