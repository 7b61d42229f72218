import { FileBusyError, StaleVersionError } from '../files.errors';

const ATTEMPTS = 5;

/**
 * A caller that named no version wants its change on whatever is the newest, also when others change it too.
 * @param ifMatch the versions that the caller has seen; null where it does not care
 * @throws FileBusyError when others change it over and over; StaleVersionError only where versions are named
 */
export async function onNewest<Result>(
  ifMatch: readonly number[] | null,
  change: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof StaleVersionError) || ifMatch !== null) throw error;
      if (attempt === ATTEMPTS) throw new FileBusyError();
    }
  }
}
