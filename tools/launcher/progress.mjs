/**
 * One line for each thing that is done: on a terminal it counts the seconds while the work goes on,
 * elsewhere it is written once, at the end.
 */

const isTerminal = process.stdout.isTTY === true;

function seconds(startedAt) {
  const elapsed = (performance.now() - startedAt) / 1000;
  return elapsed < 10 ? `${elapsed.toFixed(1)} s` : `${Math.round(elapsed)} s`;
}

function bar(fraction) {
  const width = 24;
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `${'━'.repeat(filled)}${'╌'.repeat(width - filled)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}

/**
 * Runs `work` and says so. `work` is given a function that takes the part that is done, 0 to 1.
 * @param {{ doing: string, done: string }} words
 * @param {(report: (fraction: number) => void) => Promise<string | void>} work what it resolves to is added to the line
 */
export async function step(words, work) {
  const startedAt = performance.now();
  let fraction = null;
  const draw = () => {
    const progress = fraction === null ? '' : ` ${bar(fraction)}`;
    process.stdout.write(`\r\x1b[2K${words.doing} …${progress} ${seconds(startedAt)}`);
  };
  const timer = isTerminal ? setInterval(draw, 200) : null;
  try {
    const addition = await work((value) => {
      fraction = value;
    });
    if (isTerminal) process.stdout.write('\r\x1b[2K');
    say(`${words.done}${addition ? ` (${addition})` : ''} in ${seconds(startedAt)}`);
  } catch (error) {
    if (isTerminal) process.stdout.write('\r\x1b[2K');
    throw error;
  } finally {
    if (timer !== null) clearInterval(timer);
  }
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** A failure whose message is all that a person needs: shown without a stack. */
export class LaunchError extends Error {}
