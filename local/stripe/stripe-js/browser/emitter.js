/** Events as Stripe.js has them: `on`, `once` and `off` can be chained. */
export class Emitter {
  #handlers = new Map();

  on(type, handler) {
    this.#handlers.set(type, [...(this.#handlers.get(type) ?? []), { handler, isOnce: false }]);
    return this;
  }

  once(type, handler) {
    this.#handlers.set(type, [...(this.#handlers.get(type) ?? []), { handler, isOnce: true }]);
    return this;
  }

  off(type, handler) {
    const rest = handler ? (this.#handlers.get(type) ?? []).filter((entry) => entry.handler !== handler) : [];
    this.#handlers.set(type, rest);
    return this;
  }

  /** @returns whether anybody listened. */
  _emit(type, event) {
    const entries = this.#handlers.get(type) ?? [];
    this.#handlers.set(
      type,
      entries.filter(({ isOnce }) => !isOnce),
    );
    for (const { handler } of entries) handler(event);
    return entries.length > 0;
  }
}
