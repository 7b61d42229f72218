import type { FactoryProvider } from '@nestjs/common';

import { GroupedTransactions } from '../../platform/events/grouped-transactions';
import { EntriesRepository } from '../entries/entries.repository';
import { EntryLease } from '../entries/entry-lease';
import { EntryRecords } from '../entries/entry-records.service';
import { EntryWrites } from '../entries/entry-writes.service';
import { FolderTree } from '../entries/folder-tree.repository';
import { PlainCommitsRepository } from '../entries/plain-commits.repository';

/** The write protocol for many writes of files that are finished at the same time: an EntryWrites. */
export const GROUPED_WRITES = Symbol('GROUPED_WRITES');

export const groupedWrites: FactoryProvider<EntryWrites> = {
  provide: GROUPED_WRITES,
  inject: [
    EntriesRepository,
    PlainCommitsRepository,
    EntryRecords,
    GroupedTransactions,
    EntryLease,
    FolderTree,
  ],
  useFactory: (...parts: ConstructorParameters<typeof EntryWrites>) => new EntryWrites(...parts),
};
