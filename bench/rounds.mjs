/** Statistics of rounds. */

export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that `share` (0 to 1) of all values do not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/**
 * Runs each work once a round, one after the other, so that what else the machine does hits all alike.
 * @param works `{ name, run }`, where run answers an object of numbers
 * @returns `[{ name, rounds, median }]`, the median taken of each number
 */
export async function interleave(works, roundCount, onProgress = () => undefined) {
  const results = works.map(({ name }) => ({ name, rounds: [] }));
  for (let round = 0; round < roundCount; round += 1) {
    for (const [index, { name, run }] of works.entries()) {
      onProgress(`round ${round + 1} of ${roundCount}: ${name}`);
      results[index].rounds.push(await run(round));
    }
  }
  return results.map((result) => ({ ...result, median: medianOfEach(result.rounds) }));
}

function medianOfEach(rounds) {
  const keys = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(rounds.map((round) => round[key]))]));
}
