import { lowestFreeName } from '../entries/free-name';

/** What some system takes for something else than a part of a name: folders above all. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}\p{Cs}\uef80-\uefff]/gu;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A name that every system can have, and that leads nowhere. */
export function safeName(name: string): string {
  const clean = name.replace(UNSAFE, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  return RESERVED.test(clean) || clean === '' ? `_${clean}` : clean;
}

/** The names of one folder of an archive: two that some systems take for one get a number. */
export class ArchiveNames {
  private readonly taken = new Set<string>();

  /** The name that an entry has in the archive. */
  take(filename: string): string {
    const name = lowestFreeName(safeName(filename), (candidate) =>
      this.taken.has(folded(candidate)),
    );
    this.taken.add(folded(name));
    return name;
  }
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
