const DAY_SECONDS = 24 * 60 * 60;

/** So many days on which banks work later, by UTC; holidays are not known. */
export function businessDaysAfter(start: number, days: number): number {
  let moment = start;
  for (let left = days; left > 0; ) {
    moment += DAY_SECONDS;
    const weekday = new Date(moment * 1000).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return moment;
}
