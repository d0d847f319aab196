import type { Store } from "./store";

/**
 * Does the work for its result alone: everything it wrote is taken back, whatever becomes of it. Within the transaction
 * of a request, which goes on. For previews, which are worked out like the real thing.
 */
export function takeBack<T>(store: Store, work: () => T): T {
  store.db.exec("savepoint take_back");
  try {
    return work();
  } finally {
    store.db.exec("rollback to take_back");
    store.db.exec("release take_back");
  }
}
