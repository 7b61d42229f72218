import type { DriveState } from '@homeserver/dto';

import type { ServedDrive } from './served-drive';

/** Hears of a drive. It must not ask for a drive that is not served yet: that would wait for itself. */
export type DriveListener = (drive: ServedDrive) => Promise<void>;
export type ForgottenListener = (driveId: string) => Promise<void>;
export type StateListener = (drive: ServedDrive, state: DriveState) => Promise<void>;

/** Who hears of what becomes of the drives in this process. */
export class DriveListeners {
  readonly added: DriveListener[] = [];
  readonly changed: DriveListener[] = [];
  readonly forgotten: ForgottenListener[] = [];
  readonly stateChanged: StateListener[] = [];
}

/** One after the other, all of them, also where one fails. @throws the first failure */
export async function tellAll<Told extends unknown[]>(
  listeners: readonly ((...told: Told) => Promise<void>)[],
  ...told: Told
): Promise<void> {
  const failures: unknown[] = [];
  for (const listener of listeners) {
    try {
      await listener(...told);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
