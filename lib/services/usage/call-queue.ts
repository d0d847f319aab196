import { AppError } from "@/lib/app-error";

export type CallQueue<Call, Answer> = {
  /**
   * Answers a call once its batch has been answered.
   * @throws AppError `overloaded` when the queue is full; the signal's reason when it is aborted before its batch
   *   left; otherwise whatever the batch threw.
   */
  ask(key: string, call: Call, signal?: AbortSignal): Promise<Answer>;
};

type Waiting<Call, Answer> = {
  call: Call;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/**
 * Coalesces calls: while one batch of a key is under way the next gathers, then goes as one. Keys do not wait for each
 * other, up to `concurrency` batches at once; whoever waits longest goes next, and no key has two batches under way, so
 * one busy key takes no more than its turn. Bounded: beyond `maxWaiting` calls are refused instead of kept.
 * @param run answers the calls of one batch, in their order. It is given one to `maxBatch` of them.
 */
export function openCallQueue<Call, Answer>(options: {
  run: (key: string, calls: Call[]) => Promise<Answer[]>;
  maxBatch: number;
  maxWaiting: number;
  concurrency: number;
}): CallQueue<Call, Answer> {
  const waiting = new Map<string, Waiting<Call, Answer>[]>();
  /** Keys with calls and no batch under way, in the order they have to wait. */
  const ready = new Set<string>();
  let waitingCount = 0;
  let running = 0;
  let isPlanned = false;

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    // At the end of this turn of the event loop: what arrives together leaves together.
    setImmediate(() => {
      isPlanned = false;
      dispatch();
    });
  }

  function dispatch(): void {
    for (const key of ready) {
      if (running >= options.concurrency) return;
      ready.delete(key);
      void runBatch(key);
    }
  }

  async function runBatch(key: string): Promise<void> {
    const calls = waiting.get(key)?.splice(0, options.maxBatch) ?? [];
    waitingCount -= calls.length;
    if (calls.length > 0) {
      running += 1;
      try {
        const answers = await options.run(
          key,
          calls.map(({ call }) => call),
        );
        calls.forEach(({ resolve, reject }, index) => {
          const answer = answers[index];
          if (answer === undefined) reject(new Error("A batch has fewer answers than calls."));
          else resolve(answer);
        });
      } catch (error) {
        for (const { reject } of calls) reject(error);
      }
      running -= 1;
    }
    if ((waiting.get(key)?.length ?? 0) > 0) ready.add(key);
    else waiting.delete(key);
    if (ready.size > 0) plan();
  }

  return {
    ask(key, call, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (waitingCount >= options.maxWaiting) return Promise.reject(overloaded());
      return new Promise<Answer>((resolve, reject) => {
        const own = waiting.get(key);
        const withdraw = () => {
          const calls = waiting.get(key);
          const index = calls?.indexOf(entry) ?? -1;
          // Under way already: what it does is done, and its answer goes to nobody.
          if (!calls || index < 0) return;
          calls.splice(index, 1);
          waitingCount -= 1;
          reject(signal?.reason);
        };
        const settled =
          <Value>(settle: (value: Value) => void) =>
          (value: Value) => {
            signal?.removeEventListener("abort", withdraw);
            settle(value);
          };
        const entry: Waiting<Call, Answer> = { call, resolve: settled(resolve), reject: settled(reject) };
        signal?.addEventListener("abort", withdraw, { once: true });
        waitingCount += 1;
        if (own) {
          own.push(entry);
          return;
        }
        waiting.set(key, [entry]);
        ready.add(key);
        plan();
      });
    },
  };
}

function overloaded(): AppError {
  return new AppError("overloaded", "Too many calls are waiting. Please try again in a moment.", {
    retryAfterSeconds: 1,
  });
}
