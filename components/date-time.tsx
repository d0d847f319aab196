import { formatDate, formatDateTime } from "@/lib/domain/format-date";
import { formatRelativeTime } from "@/lib/domain/format-relative-time";

/**
 * A moment, for people and for machines. A date says its zone once per page, a time of day carries it. With `now`
 * it says how far away the moment is, and the moment itself on hover; the server's `now`, so that the browser says
 * the same.
 */
export function DateTime({ date, now, hasTime, timeZone = "UTC" }: DateTimeProps) {
  const exact = formatDateTime(date, timeZone);
  const relative = now ? formatRelativeTime(date, now) : null;
  const zone = timeZone === "UTC" ? "" : ` (${timeZone})`;
  return (
    <time dateTime={date.toISOString()} title={`${exact}${zone}`} className="whitespace-nowrap">
      {relative ?? (hasTime ? `${exact}${zone}` : formatDate(date, timeZone))}
    </time>
  );
}

type DateTimeProps = {
  date: Date;
  /** Given: "2 hours ago". */
  now?: Date;
  /** The time of day, too. */
  hasTime?: boolean;
  timeZone?: string;
};
