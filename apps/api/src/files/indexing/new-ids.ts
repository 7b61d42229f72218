import { Uuid7Source } from '../../platform/database/uuid7';

/** Of entries that are new to the index, each greater than the one before. */
export const newIds = new Uuid7Source();
