/** A source of numbers in [0, 1) that gives the same ones for the same seed. */
export type Random = () => number;

/**
 * A generator for one purpose: what one story draws changes nothing for another. Mulberry32: small, and good enough
 * for a demonstration.
 */
export function randomFor(seed: number, purpose: string): Random {
  let state = seed;
  for (const character of purpose) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An index, drawn in proportion to the weights. */
export function drawIndex(random: Random, weights: readonly number[]): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}
