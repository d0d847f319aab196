/** Beyond Latin-1: what the standard fonts of a PDF can show, which is Windows-1252. */
const EXTRA = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

/** What those fonts lack and amounts and names have. */
const SUBSTITUTES: Record<string, string> = {
  "₹": "INR\u00a0",
  "₩": "KRW\u00a0",
  "₪": "ILS\u00a0",
  "₫": "VND\u00a0",
  "₱": "PHP\u00a0",
  "−": "-",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  ı: "i",
};

/**
 * A text as a PDF can show it without a font of its own: currency signs the standard fonts lack become codes, letters
 * lose accents, and what is left is a question mark.
 */
export function pdfText(text: string): string {
  return [...text.normalize("NFC")].map(shown).join("");
}

function shown(letter: string): string {
  if (isShowable(letter)) return letter;
  const plain = SUBSTITUTES[letter] ?? letter.normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return [...plain].every(isShowable) ? plain : "?";
}

function isShowable(letter: string): boolean {
  return letter === "\n" || /^[ -~\u00a0-\u00ff]$/.test(letter) || EXTRA.includes(letter);
}
