/** A decoded form value: what `a[b][0]=c` turns into. Everything is still text. */
export type FormValue = string | FormHash;
export type FormHash = Map<string, FormValue>;

/**
 * Decodes a form-encoded body or query string with Stripe's bracket notation: `a[b]=1`, `a[0]=x`, `a[]=x`.
 * Maps are used, not objects, so a key such as `__proto__` is only a key.
 */
export function decodeForm(text: string): FormHash {
  const root: FormHash = new Map();
  for (const [key, value] of new URLSearchParams(text)) assign(root, splitKey(key), value);
  return root;
}

function splitKey(key: string): string[] {
  const first = key.indexOf("[");
  if (first <= 0 || !key.endsWith("]")) return [key];
  const inner = key.slice(first + 1, -1).split("][");
  return [key.slice(0, first), ...inner];
}

function assign(hash: FormHash, path: string[], value: string): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  // `a[]=x` appends: the next free index.
  const key = head === "" ? String(hash.size) : head;
  if (rest.length === 0) {
    hash.set(key, value);
    return;
  }
  let child = hash.get(key);
  if (!(child instanceof Map)) {
    child = new Map();
    hash.set(key, child);
  }
  assign(child, rest, value);
}
