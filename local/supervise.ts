import type { LocalService } from "./service";

/** A stand-in whose end is noticed, whoever brought it about. */
export type SupervisedService = LocalService & {
  /** Resolves to the reason when the stand-in has gone. */
  exited: Promise<string>;
};

/** More restarts than this within a minute mean that it cannot run, and that restarting hides why. */
const MAX_RESTARTS_PER_MINUTE = 5;

/**
 * Starts a stand-in and starts it again, on the same port, whenever it ends by itself.
 *
 * @param start is given the port of the first start, so that the URL stays true; null at first
 * @param report takes one line for the person at the terminal
 */
export async function supervise(
  start: (port: number | null) => Promise<SupervisedService>,
  report: (line: string) => void,
): Promise<LocalService> {
  let current = await start(null);
  const { name, url } = current;
  const port = Number(new URL(url).port);
  const restarts: number[] = [];
  let isClosing = false;
  let restarting: Promise<void> = Promise.resolve();

  function watch(service: SupervisedService): void {
    void service.exited.then((reason) => {
      if (!isClosing) restarting = restart(reason);
    });
  }

  async function restart(reason: string): Promise<void> {
    const firstLine = reason.split("\n").at(-1) ?? reason;
    const now = Date.now();
    if (restarts.filter((at) => now - at < 60_000).length >= MAX_RESTARTS_PER_MINUTE) {
      report(`${name} stopped again (${firstLine}) and stays down: press Ctrl-C and start afresh.`);
      return;
    }
    restarts.push(now);
    try {
      current = await start(port);
      report(`${name} stopped unexpectedly (${firstLine}) and was started again.`);
      watch(current);
    } catch (error) {
      report(
        `${name} stopped (${firstLine}) and does not start: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  watch(current);
  return {
    name,
    url,
    async close() {
      isClosing = true;
      await restarting;
      await current.close();
    },
  };
}
