/**
 * A text without what belongs to an account: ids, keys, secrets, addresses and links become their kind alone, so that it
 * can be published.
 */
export function withoutAccountData(text: string): string {
  return text
    .replaceAll(/https?:\/\/\S+/g, "(a link)")
    .replaceAll(/\b(sk|pk|rk)_(test|live)_[\w*]+/g, "$1_$2_…")
    .replaceAll(/\b([a-z]{2,12})_(?:test_|live_)?(?=\w*\d)\w{8,}/gi, "$1_…")
    .replaceAll(/[\w.+-]+@[\w-]+\.[\w.-]+/g, "(an address)");
}
