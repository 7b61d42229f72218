const ALIVE = '/health/live';
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Whether the server answers, asked at growing distances, and at once when the network is back. */
export class Reachability {
  /** Resolves when the server answers. */
  async wait(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !(await isAlive()); pause *= 2)
      await untilNextTry(Math.min(pause, LONGEST_PAUSE_MS));
  }
}

async function isAlive(): Promise<boolean> {
  try {
    return (await fetch(ALIVE, { cache: 'no-store' })).ok;
  } catch {
    // Nothing answers yet.
    return false;
  }
}

function untilNextTry(pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, pauseMs);
    window.addEventListener('online', end);
  });
}
