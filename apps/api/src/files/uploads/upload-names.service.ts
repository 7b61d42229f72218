import type { Conflict } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { ServedDrive } from '../../drives';
import type { Entry } from '../entries/entry';
import { EntryNames } from '../entries/entry-names.repository';
import { EntryWrites } from '../entries/entry-writes.service';
import { FreeNames } from '../entries/free-names.service';
import { NameTakenError } from '../files.errors';
import type { NewContent } from '../versions/replacement-writes.service';
import { Replacements } from '../versions/replacements.service';

/** What becomes of an upload whose name is taken: it gets another one, replaces what bears it, or is refused. */
@Injectable()
export class UploadNames {
  constructor(
    private readonly names: EntryNames,
    private readonly freeNames: FreeNames,
    private readonly writes: EntryWrites,
    private readonly replacements: Replacements,
  ) {}

  /** What would be refused at the end is refused before its bytes come. @throws NameTakenError */
  async require(folderId: string, filename: string, conflict: Conflict): Promise<void> {
    if (conflict === 'version') await this.replacements.requireReplaceable(folderId, filename);
    if (conflict === 'fail' && (await this.names.isTaken(folderId, filename)))
      throw new NameTakenError(filename);
  }

  /** Gives staged bytes a name. Where it fails they stay staged. @throws NameTakenError, FileBusyError, FileNotFoundError */
  async commit(drive: ServedDrive, content: NewContent, conflict: Conflict): Promise<Entry> {
    if (conflict === 'version') return this.replacements.commit(drive, content);
    const { file, cause, alongside } = content;
    const commit = (filename: string) =>
      this.writes.commit(drive, { ...file, filename }, cause, alongside);
    return conflict === 'rename'
      ? this.freeNames.use(file.parentId, file.filename, commit)
      : commit(file.filename);
  }
}
