/**
 * Dates on screen: "28 Nov 2026", the same for every reader, and in UTC unless a zone is given. Whoever shows
 * them says so once; a time of day carries its zone itself.
 */
export function formatDate(date: Date, timeZone = "UTC"): string {
  const { day, month, year } = read(date, timeZone);
  return `${day} ${month} ${year}`;
}

/** "00:00 UTC". In another zone than UTC without its name: the reader's own needs none. */
export function formatTime(date: Date, timeZone = "UTC"): string {
  const { hour, minute } = read(date, timeZone);
  return timeZone === "UTC" ? `${hour}:${minute} UTC` : `${hour}:${minute}`;
}

/** "28 Nov 2026, 00:00 UTC". */
export function formatDateTime(date: Date, timeZone = "UTC"): string {
  return `${formatDate(date, timeZone)}, ${formatTime(date, timeZone)}`;
}

function read(date: Date, timeZone: string): Record<"day" | "month" | "year" | "hour" | "minute", string> {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(date).map((part) => [part.type, part.value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  return {
    day: part("day"),
    month: part("month"),
    year: part("year"),
    hour: part("hour"),
    minute: part("minute"),
  };
}
