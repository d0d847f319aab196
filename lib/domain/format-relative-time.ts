const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How far a moment is away, in words: "in 3 days", "2 hours ago", "just now". Rounded down, so that "in 3 days"
 * never promises more time than there is. Beyond a month a date says more: null.
 */
export function formatRelativeTime(date: Date, now: Date): string | null {
  const distance = date.getTime() - now.getTime();
  const size = Math.abs(distance);
  if (size < MINUTE) return distance > 0 ? "in less than a minute" : "just now";
  if (size < HOUR) return words(distance, MINUTE, "minute");
  if (size < DAY) return words(distance, HOUR, "hour");
  if (size <= 31 * DAY) return words(distance, DAY, "day");
  return null;
}

function words(distance: number, unit: number, name: string): string {
  const count = Math.floor(Math.abs(distance) / unit);
  const amount = `${count} ${name}${count === 1 ? "" : "s"}`;
  return distance > 0 ? `in ${amount}` : `${amount} ago`;
}
