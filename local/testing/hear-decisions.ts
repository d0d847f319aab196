import { vi } from "vitest";
import { connectionsOf, type Db } from "@/lib/db/client";

/** Listens to the statements that decide and settle uses, until `stop` says which were sent, in order. */
export function hearDecisions(db: Db): { stop: () => string[] } {
  const sent = vi.spyOn(connectionsOf(db).pool, "query");
  return {
    stop() {
      const names = sent.mock.calls.map(([statement]: unknown[]) =>
        typeof statement === "object" && statement !== null && "name" in statement ? `${statement.name}` : "",
      );
      sent.mockRestore();
      return names.filter((name) => name.endsWith("_uses"));
    },
  };
}
