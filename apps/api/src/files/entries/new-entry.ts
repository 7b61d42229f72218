import type { StoredFile } from '../../drives';
import type { Entry } from './entry';

/** An entry before its commit. It belongs to the drive of its folder. */
export interface NewEntry extends Omit<
  Entry,
  'driveId' | 'parentId' | 'storagePath' | 'version' | 'fileCount' | 'folderCount' | 'trashedFrom'
> {
  readonly parentId: string;
  readonly birthNs: bigint | null;
  /** null for what is not staged: folders and links. */
  readonly stagedName: string | null;
  /** For whose quota its bytes count; null: for nobody's. */
  readonly uploadedBy: string | null;
  /** The entry of another drive that is moved here by it, as it was copied. */
  readonly moves?: Pick<Entry, 'id' | 'version'>;
}

/** A file whose bytes are staged. */
export type NewFile = NewEntry & { readonly stagedName: string };

/** Where a new entry is to be. */
export interface NewPlace {
  readonly id: string;
  readonly parentId: string;
  readonly filename: string;
}

/** What is known of bytes that are staged. */
export interface StagedContent extends StoredFile {
  readonly stagedName: string;
  /** 32 bytes; null where they were not read. */
  readonly sha256: Buffer | null;
  /** When they were found not to be those of the hash; absent, or null, while they are. */
  readonly corruptedAt?: Date | null;
}

/** What else is known of a new file. */
export type ContentFacts = Pick<Entry, 'contentType' | 'tags' | 'scan'> &
  Pick<NewEntry, 'uploadedBy'>;

export function newFile(
  place: NewPlace,
  { sha256, corruptedAt = null, ...staged }: StagedContent,
  { contentType, tags, scan, uploadedBy }: ContentFacts,
): NewFile {
  return {
    ...place,
    ...staged,
    kind: 'file',
    contentType,
    sha256: sha256?.toString('hex') ?? null,
    corruptedAt,
    uploadDate: new Date(),
    tags,
    scan,
    uploadedBy,
    nature: 'plain',
    linkTarget: null,
  };
}

/** A new file as it is when it is committed. @param storagePath in its drive */
export function committedFile(
  { birthNs: _birthNs, stagedName: _stagedName, moves: _moves, ...file }: NewFile,
  driveId: string,
  storagePath: string,
): Entry {
  const unused = { fileCount: null, folderCount: null, trashedFrom: null };
  return { ...file, ...unused, driveId, storagePath, version: 1 };
}

/** A symbolic link. */
export function newLink(place: NewPlace, original: Entry): NewEntry {
  const { contentType, linkTarget, tags, size, modifiedAt } = original;
  const like = newFolder(place, tags);
  return { ...like, kind: 'file', contentType, size, modifiedAt, nature: 'link', linkTarget };
}

export function newFolder(place: NewPlace, tags: string[] = []): NewEntry {
  const now = new Date();
  return {
    ...place,
    kind: 'folder',
    contentType: null,
    size: 0,
    sha256: null,
    corruptedAt: null,
    uploadDate: now,
    modifiedAt: now,
    tags,
    scan: null,
    uploadedBy: null,
    inode: null,
    birthNs: null,
    nature: 'plain',
    linkTarget: null,
    stagedName: null,
  };
}
