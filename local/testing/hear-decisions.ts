import { vi } from "vitest";
import { connectionsOf, type Db } from "@/lib/db/client";

/** Listens to the statements that decide and settle uses; `heard` says which were sent until now, in order. */
export function hearDecisions(db: Db): { heard: () => string[]; stop: () => string[] } {
  const sent = vi.spyOn(connectionsOf(db).pool, "query");
  const heard = () =>
    sent.mock.calls
      .map(([statement]: unknown[]) =>
        typeof statement === "object" && statement !== null && "name" in statement ? `${statement.name}` : "",
      )
      .filter((name) => name.endsWith("_uses"));
  return {
    heard,
    stop() {
      const names = heard();
      sent.mockRestore();
      return names;
    },
  };
}
