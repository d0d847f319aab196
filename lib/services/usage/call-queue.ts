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

export type Departure<Answer> = {
  /** One for each batch, in the order of its calls. */
  answers: Promise<Answer[]>[];
  /** Fulfilled when the next departure may leave: some answers may take longer. */
  over: Promise<unknown>;
};

type Waiting<Call, Answer> = {
  call: Call;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/** Fewer keys than this are not worth a departure of their own. */
const FEWEST_TOGETHER = 8;

/**
 * Coalesces calls: while a batch of a key is under way its next one gathers, and the batches of all keys that are ready
 * leave together. Bounded: beyond `mostKept` calls without an answer they are refused. Fair: whoever waits longest leaves
 * next, no key has two batches under way, and none waits for another key's answer.
 * @param options.run answers batches, none of them empty. It must not throw.
 * @param options.maxBatch calls that leave together, of one key and of all.
 * @param options.concurrency departures under way at once.
 */
export function openCallQueue<Call, Answer>(options: {
  run: (batches: Batch<Call>[]) => Departure<Answer>;
  maxBatch: number;
  mostKept: number;
  concurrency: number;
}): CallQueue<Call, Answer> {
  const waiting = new Map<string, Waiting<Call, Answer>[]>();
  /** Keys with calls and no batch under way, in the order they have to wait. */
  const ready = new Set<string>();
  let kept = 0;
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
    // Its share of those that are ready, so that departures overlap.
    const share = Math.max(FEWEST_TOGETHER, Math.ceil(ready.size / (options.concurrency - running)));
    for (const key of ready) {
      if (size >= options.maxBatch || departing.length >= share) break;
      ready.delete(key);
      const calls = waiting.get(key)?.splice(0, options.maxBatch - size) ?? [];
      size += calls.length;
      if (calls.length > 0) departing.push({ key, calls });
      else waiting.delete(key);
    }
    if (departing.length === 0) return;
    running += 1;
    const { answers, over } = options.run(
      departing.map(({ key, calls }) => ({ key, calls: calls.map(({ call }) => call) })),
    );
    departing.forEach(({ key, calls }, index) => {
      void arrive(key, calls, answers[index]);
    });
    await over;
    running -= 1;
    if (ready.size > 0) plan();
  }

  async function arrive(
    key: string,
    calls: Waiting<Call, Answer>[],
    answers: Promise<Answer[]> | undefined,
  ): Promise<void> {
    await settle(calls, answers);
    kept -= calls.length;
    if ((waiting.get(key)?.length ?? 0) > 0) ready.add(key);
    else waiting.delete(key);
    if (ready.size > 0) plan();
  }

  return {
    ask(key, call, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (kept >= options.mostKept) return Promise.reject(overloaded());
      return new Promise<Answer>((resolve, reject) => {
        const own = waiting.get(key);
        const withdraw = () => {
          const calls = waiting.get(key);
          const index = calls?.indexOf(entry) ?? -1;
          // Under way already: what it does is done, and its answer goes to nobody.
          if (!calls || index < 0) return;
          calls.splice(index, 1);
          kept -= 1;
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
        kept += 1;
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
