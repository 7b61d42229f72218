import type { Destination, FinishedDelete, FinishedMove } from './entries.repository';
import type { Entry } from './entry';
import type { EntryChange, WriteEnd } from './entry-records.service';

export function endOfCommit(entry: Entry): WriteEnd {
  return {
    counts: [{ entry, sign: 1 }],
    told: [{ what: 'created', entry }, ...toldOfDamage(entry)],
  };
}

/** What is told besides of an entry that has got a content: whether that is corrupted, as the row has it. */
export function toldOfDamage(entry: Entry): EntryChange[] {
  return entry.corruptedAt === null ? [] : [{ what: 'corrupted', entry }];
}

/** @param from where it was */
export function endOfMove(
  { entry, isTrashed, isRestored }: FinishedMove,
  from: Destination,
): WriteEnd {
  // What is below a folder was counted with the step that changed its place.
  const isCounted = entry.kind === 'file' && entry.parentId !== from.parentId;
  return {
    counts: isCounted
      ? [
          { entry: { ...entry, parentId: from.parentId }, sign: -1 },
          { entry, sign: 1 },
        ]
      : [],
    told: [
      isTrashed || isRestored
        ? { what: isTrashed ? 'trashed' : 'restored', entry }
        : { what: 'moved', entry, previous: { driveId: entry.driveId, ...from } },
    ],
  };
}

export function endOfDelete({ entry, isMoved }: FinishedDelete): WriteEnd {
  // What is deleted is what was left behind of an entry that lives on.
  return { counts: [{ entry, sign: -1 }], told: isMoved ? [] : [{ what: 'deleted', entry }] };
}
