import type { Operation } from "./operation";

export type Router<T = Operation> = (method: string, path: string) => RouteMatch<T> | null;
export type RouteMatch<T = Operation> = { operation: T; pathValues: Record<string, string> };

/** Builds a lookup from the operations. Earlier ones win, so fixed paths must come before `:id` ones. */
export function createRouter<T extends { method: string; path: string }>(
  operations: readonly T[],
): Router<T> {
  const routes = operations.map((operation) => ({ operation, ...compilePath(operation.path) }));
  return (method, path) => {
    for (const { operation, pattern, names } of routes) {
      if (operation.method !== method) continue;
      const match = pattern.exec(path);
      if (match) return { operation, pathValues: readValues(names, match) };
    }
    return null;
  };
}

function compilePath(path: string): { pattern: RegExp; names: string[] } {
  const names = [...path.matchAll(/:(\w+)/g)].flatMap((match) => match[1] ?? []);
  const source = path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "([^/]+)");
  return { pattern: new RegExp(`^${source}$`), names };
}

function readValues(names: string[], match: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, decode(match[index + 1] ?? "")]));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
