/** Where on a drive something was found: among its files, or in a part of `.homeserver`. */
export type FindingPlace = 'files' | 'trash' | 'versions' | 'staging' | 'removed';

/**
 * What was found. `missing`: known, and not on the disk; `unknown`: on the disk, and not known; `differs`: of another
 * kind, size or time than is known; `corrupted`: bytes that are not those that were stored; `unreadable`: the disk, or
 * the system, does not give them; `unfinished`: a write that ended in its middle.
 */
export type FindingKind =
  'missing' | 'unknown' | 'differs' | 'corrupted' | 'unreadable' | 'unfinished';

/** Something that is not as it should be, after it was looked at twice. */
export interface Finding {
  readonly place: FindingPlace;
  readonly kind: FindingKind;
  /** Inside the drive. */
  readonly path: string;
  /** What it means, for a person. */
  readonly detail: string;
}

const DETAILS: Readonly<Record<FindingPlace, Partial<Record<FindingKind, string>>>> = {
  files: {
    missing: 'is known, and not on the disk',
    unknown: 'is on the disk, and not in the index',
    differs: 'is another on the disk than in the index',
    corrupted: 'its bytes are not those that were stored, and nobody wrote to it',
    unreadable: 'cannot be read',
    unfinished:
      'a write of it ended in its middle; the next start of HomeServer finishes or undoes it',
  },
  trash: {
    missing: 'is in the trash, and its bytes are gone',
    unknown: 'lies in the folder of the trash, and nothing knows of it',
    differs: 'is in the trash, and is another on the disk',
    corrupted: 'is in the trash, and its bytes are not those that were stored',
    unreadable: 'is in the trash, and cannot be read',
    unfinished:
      'was being put into the trash, or taken out; the next start of HomeServer ends that',
  },
  versions: {
    missing: 'an earlier version whose bytes are gone',
    unknown: 'lies in the folder of the versions, and nothing knows of it',
    differs: 'an earlier version that has another size on the disk',
    corrupted: 'an earlier version whose bytes are not those that were stored',
    unreadable: 'an earlier version that cannot be read',
  },
  staging: {
    missing: 'an upload in parts whose bytes are gone: it cannot go on',
    unknown:
      'bytes of a write that nothing counts on; HomeServer removes them a day after they came',
    differs: 'an upload in parts of which less is on the disk than was acknowledged',
  },
  removed: {
    unknown: 'a deleted folder whose bytes still take room; HomeServer removes them when it runs',
  },
};

export function findingOf(place: FindingPlace, kind: FindingKind, path: string): Finding {
  return { place, kind, path, detail: DETAILS[place][kind] ?? kind };
}

/** Those of the second look that the first one had, too. */
export function foundTwice(first: readonly Finding[], second: readonly Finding[]): Finding[] {
  const before = new Set(first.map(keyOf));
  return second.filter((finding) => before.has(keyOf(finding)));
}

function keyOf({ place, kind, path }: Finding): string {
  return `${place} ${kind} ${path}`;
}
