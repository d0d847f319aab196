const PATIENCE_MS = 3_000;

/**
 * Does `work` before this process exits, within three seconds. Next ends the process itself once its last request is
 * answered and offers no hook, so its call to exit is what waits.
 */
export function beforeProcessExit(work: () => Promise<unknown>): void {
  const exit = process.exit.bind(process);
  let isExiting = false;
  // The type says that exit never returns; here it does, a moment before it exits.
  process.exit = ((code) => {
    if (isExiting) return;
    isExiting = true;
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    void Promise.race([work().catch(() => undefined), patience]).then(() => exit(code));
  }) as typeof process.exit;
}
