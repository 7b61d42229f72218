export type Step = () => Promise<void> | void;

/**
 * Takes one step after the other, whatever becomes of those before it: what was opened first is still
 * let go when something that was opened later cannot be closed.
 * @throws what the first step that failed has thrown, after the last one
 */
export async function inTurn(steps: readonly Step[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
