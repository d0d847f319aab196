import { v7 } from "uuid";

/** A new UUIDv7: unique, and in the order of its making by the wall clock. */
export function newId(): string {
  return v7();
}
