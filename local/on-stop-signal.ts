/** Two signals so close are one: a Ctrl-C reaches this process by the terminal and again by its parent. */
const SAME_KEYPRESS_MS = 400;

/**
 * Calls `stop` once when this process is asked to end: by Ctrl-C, by a signal, or because the
 * process that started it is gone. Then it exits with 0. A second Ctrl-C exits at once with 130.
 */
export function onStopSignal(stop: () => Promise<void>): void {
  let askedAt: number | null = null;

  function ask(): void {
    if (askedAt !== null) {
      if (performance.now() - askedAt > SAME_KEYPRESS_MS) process.exit(130);
      return;
    }
    askedAt = performance.now();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exit(1);
      },
    );
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  process.on("disconnect", ask);
  // The channel to the parent alone must not keep this process alive.
  process.channel?.unref();
}
