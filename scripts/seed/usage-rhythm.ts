import { drawIndex, type Random } from "./random";

/**
 * When people use an AI product: less at the weekend, most in the evening, and on some days not at all. All in UTC.
 */
const DAY_MS = 24 * 60 * 60 * 1000;

/** From Sunday on, relative to a Monday. */
const WEEKDAY_WEIGHTS = [0.35, 1, 1.1, 1.05, 1, 0.75, 0.4];

/** From midnight on. */
const HOUR_WEIGHTS = [1, 0, 0, 0, 0, 0, 1, 2, 4, 6, 6, 5, 3, 4, 5, 5, 5, 6, 8, 11, 13, 12, 8, 3];

const QUIET_DAY_CHANCE = 0.12;

/** The moments of use in [from, to), in order; about `perDay` on an ordinary Monday, never more than twice that a day. */
export function momentsOfUse(random: Random, from: Date, to: Date, perDay: number): Date[] {
  const moments: Date[] = [];
  const firstDay = Math.floor(from.getTime() / DAY_MS) * DAY_MS;
  for (let day = firstDay; day < to.getTime(); day += DAY_MS) {
    const weight = WEEKDAY_WEIGHTS[new Date(day).getUTCDay()] ?? 1;
    const isQuiet = random() < QUIET_DAY_CHANCE;
    const spread = 0.5 + random();
    const count = isQuiet ? 0 : Math.min(2 * perDay, Math.round(perDay * weight * spread));
    for (let use = 0; use < count; use += 1) {
      const hour = drawIndex(random, HOUR_WEIGHTS);
      moments.push(new Date(day + hour * 3_600_000 + Math.floor(random() * 3_600_000)));
    }
  }
  return moments.filter((moment) => moment >= from && moment < to).sort((a, b) => a.getTime() - b.getTime());
}
