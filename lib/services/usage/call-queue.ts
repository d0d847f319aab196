import { AppError } from "@/lib/app-error";

export type CallQueue<Call, Answer> = {
  /**
   * Answers a call once its batch has been answered.
   * @throws AppError `overloaded` when the queue is full; the signal's reason when it is aborted before its batch
   *   left; otherwise whatever the batch threw.
   */
  ask(key: string, call: Call, signal?: AbortSignal): Promise<Answer>;
};

/** What has been asked of one key meanwhile, in its order. */
export type Batch<Call> = { key: string; calls: Call[] };

type Waiting<Call, Answer> = {
  call: Call;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/**
 * Coalesces calls: while a batch of a key is under way its next one gathers, and the batches of all keys that are ready
 * leave together. Bounded: beyond `maxWaiting` calls are refused instead of kept. Fair: whoever waits longest leaves next,
 * no key has two batches under way, and none waits for another key's answer.
 * @param options.run answers the batches, each by a promise of its own, in the order of its calls.
 * @param options.maxBatch calls of one key that leave together, and of all of them; a batch is never empty.
 * @param options.concurrency departures under way at once.
 */
export function openCallQueue<Call, Answer>(options: {
  run: (batches: Batch<Call>[]) => Promise<Answer[]>[];
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
      while (ready.size > 0 && running < options.concurrency) void depart();
    });
  }

  async function depart(): Promise<void> {
    const departing: { key: string; calls: Waiting<Call, Answer>[] }[] = [];
    let size = 0;
    for (const key of ready) {
      if (size >= options.maxBatch) break;
      ready.delete(key);
      const calls = waiting.get(key)?.splice(0, options.maxBatch - size) ?? [];
      size += calls.length;
      waitingCount -= calls.length;
      if (calls.length > 0) departing.push({ key, calls });
      else waiting.delete(key);
    }
    if (departing.length === 0) return;
    running += 1;
    const answers = options.run(
      departing.map(({ key, calls }) => ({ key, calls: calls.map(({ call }) => call) })),
    );
    await Promise.all(
      departing.map(async ({ key, calls }, index) => {
        await settle(calls, answers[index]);
        if ((waiting.get(key)?.length ?? 0) > 0) ready.add(key);
        else waiting.delete(key);
        if (ready.size > 0) plan();
      }),
    );
    running -= 1;
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

async function settle<Call, Answer>(
  calls: Waiting<Call, Answer>[],
  answering: Promise<Answer[]> | undefined,
): Promise<void> {
  try {
    const answers = await answering;
    calls.forEach(({ resolve, reject }, index) => {
      const answer = answers?.[index];
      if (answer === undefined) reject(new Error("A batch has fewer answers than calls."));
      else resolve(answer);
    });
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
}

function overloaded(): AppError {
  return new AppError("overloaded", "Too many calls are waiting. Please try again in a moment.", {
    retryAfterSeconds: 1,
  });
}
