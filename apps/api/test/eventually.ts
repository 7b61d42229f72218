import { setTimeout as delay } from 'node:timers/promises';

const GIVEN_UP_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** Waits until an expectation holds. It gives up long after it should have, with the last failure. */
export async function eventually<Result>(
  expectation: () => Result | Promise<Result>,
): Promise<Result> {
  const giveUpAt = Date.now() + GIVEN_UP_AFTER_MS;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await delay(LOOK_EVERY_MS);
    }
  }
}
