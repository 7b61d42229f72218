import { setTimeout as delay } from 'node:timers/promises';

import { FolderBusyError } from '../files.errors';

/** A move of a folder takes moments. Nobody is told about it who can wait so long. */
const PATIENCE_MS = 3000;
const LOOK_EVERY_MS = 30;

/** Tries again while a folder on the way is being moved. @throws FolderBusyError (423) when that takes too long */
export async function patiently<Result>(write: () => Promise<Result>): Promise<Result> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof FolderBusyError) || performance.now() > giveUpAt) throw error;
      await delay(LOOK_EVERY_MS);
    }
  }
}
