/**
 * A bigint column as a number. Units and quantities are bounded below 2^53 where they come in.
 * @throws Error when a stored value is beyond that: better no answer than a rounded one.
 */
export function toSafeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`${value} cannot be represented exactly`);
  return number;
}
