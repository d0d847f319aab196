/**
 * Runs one step of a start and prints one line with its duration.
 *
 * @template Result
 * @param {string} name what is done, e.g. "Migrate"
 * @param {(note: (text: string) => void) => Promise<Result> | Result} run `note` adds what came of it, e.g. "nothing new"
 * @returns {Promise<Result>}
 */
export async function step(name, run) {
  const startedAt = performance.now();
  const isTerminal = process.stdout.isTTY === true;
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  let noted = "";
  const line = () => `${name.padEnd(16)}${seconds()} s  ${noted}`;
  // A terminal sees the time run; a log gets a sign of life now and then.
  const progress = setInterval(
    () => (isTerminal ? process.stdout.write(`\r${line()}`) : console.log(`${line()} …`)),
    isTerminal ? 200 : 15_000,
  );
  const finish = () => {
    clearInterval(progress);
    if (isTerminal) process.stdout.write("\r\u001b[K");
  };
  try {
    const result = await run((text) => {
      noted = text;
    });
    finish();
    console.log(line());
    return result;
  } catch (error) {
    finish();
    throw error;
  }
}
