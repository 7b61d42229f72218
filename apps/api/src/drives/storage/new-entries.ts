import { errorCode } from '../../platform/filesystem/error-code';
import type { FileAttributes } from './drive-storage';
import type { GivableFile } from './file-descriptor';
import { giveAttributes } from './staged-copy';

/** Whose the files and folders are that are made on a drive, and who may do what with them. null: as the system has it. */
export interface NewEntryAttributes {
  readonly uid: number | null;
  readonly gid: number | null;
  readonly fileMode: number | null;
  readonly folderMode: number | null;
}

const AS_IT_IS: NewEntryAttributes = { uid: null, gid: null, fileMode: null, folderMode: null };
/** Filesystems without owners or modes (FAT), or a server that does not let us, say so. */
const REFUSED = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];
/** Tells fchown to leave one of the two. */
const UNCHANGED = -1;

/** Gives what is made on a drive its owner and its mode. */
export class NewEntries {
  private isReported = false;

  /** @param onRefused told once that the filesystem does not take them; what was made is none the worse */
  constructor(
    private readonly attributes: NewEntryAttributes = AS_IT_IS,
    private readonly onRefused: (error: unknown) => void = () => undefined,
  ) {}

  /** Whether files are to be given anything. */
  get hasFileAttributes(): boolean {
    const { uid, gid, fileMode } = this.attributes;
    return uid !== null || gid !== null || fileMode !== null;
  }

  /** Whether folders are to be given anything. */
  get hasFolderAttributes(): boolean {
    const { uid, gid, folderMode } = this.attributes;
    return uid !== null || gid !== null || folderMode !== null;
  }

  /** @param attributes that it keeps: those of the original of a copy, or what an upload says of its file */
  async giveFile(handle: GivableFile, attributes: Partial<FileAttributes> = {}): Promise<void> {
    await this.give(handle, this.attributes.fileMode);
    await giveAttributes(handle, attributes);
  }

  async giveFolder(handle: GivableFile): Promise<void> {
    await this.give(handle, this.attributes.folderMode);
  }

  private async give(handle: GivableFile, mode: number | null): Promise<void> {
    const { uid, gid } = this.attributes;
    if (uid !== null || gid !== null)
      await this.attempt(() => handle.chown(uid ?? UNCHANGED, gid ?? UNCHANGED));
    // Last: a change of the owner may take bits away.
    if (mode !== null) await this.attempt(() => handle.chmod(mode));
  }

  private async attempt(give: () => Promise<void>): Promise<void> {
    try {
      await give();
    } catch (error) {
      if (!REFUSED.includes(errorCode(error))) throw error;
      if (!this.isReported) this.onRefused(error);
      this.isReported = true;
    }
  }
}
