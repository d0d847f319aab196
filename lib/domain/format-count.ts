/** A count as people read it: 12,340. */
export function formatCount(count: number, locale = "en-US"): string {
  return new Intl.NumberFormat(locale).format(count);
}
