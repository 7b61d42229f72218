import type { EntryNature, ScanMark } from '@homeserver/dto';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { EntryState } from './entry';

/** An entry of a drive, and the intent of the write that it is in, if any. */
@Entity('file_metadata')
export class FileMetadataEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'drive_id' })
  driveId!: string;

  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId!: string | null;

  @Column('text')
  kind!: 'file' | 'folder';

  @Column('text')
  filename!: string;

  /** What entries are sorted by, by bytes: see sort-key.ts. */
  @Column('text', { name: 'sort_key' })
  sortKey!: string;

  /** What entries are searched by: see folded-name.ts. */
  @Column('text', { name: 'folded_name' })
  foldedName!: string;

  @Column('text', { name: 'content_type', nullable: true })
  contentType!: string | null;

  @Column('bigint')
  size!: string;

  @Column('bytea', { nullable: true })
  sha256!: Buffer | null;

  @Column({ type: 'timestamptz', name: 'upload_date', precision: 3 })
  uploadDate!: Date;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3 })
  modifiedAt!: Date;

  @Column('text', { array: true })
  tags!: string[];

  @Column('numeric', { precision: 20, scale: 0, nullable: true })
  inode!: string | null;

  @Column('text')
  nature!: EntryNature;

  @Column('text', { name: 'link_target', nullable: true })
  linkTarget!: string | null;

  /** When it was made, in nanoseconds since 1970, where the filesystem knows; tells a reused inode. */
  @Column('numeric', { name: 'birth_ns', precision: 20, scale: 0, nullable: true })
  birthNs!: string | null;

  /** Of a folder: its time of change, in nanoseconds, when all that is in it was indexed; null: it is to be read again. */
  @Column('numeric', { name: 'listed_ns', precision: 20, scale: 0, nullable: true })
  listedNs!: string | null;

  /** Of a folder: entries directly in it. As the next two, it lacks what is noted in folder_totals_changes. */
  @Column('bigint', { name: 'child_count', nullable: true })
  childCount!: string | null;

  /** Of a folder: files in it and below. */
  @Column('bigint', { name: 'file_count', nullable: true })
  fileCount!: string | null;

  @Column('bigint', { name: 'folder_count', nullable: true })
  folderCount!: string | null;

  /** What a scanner of viruses said of its bytes. */
  @Column('text', { nullable: true })
  scan!: ScanMark | null;

  /** For whose quota its bytes count. */
  @Column('uuid', { name: 'uploaded_by', nullable: true })
  uploadedBy!: string | null;

  @Column('integer')
  version!: number;

  /** When its bytes were last read, and had its hash. */
  @Column({ type: 'timestamptz', name: 'verified_at', precision: 3, nullable: true })
  verifiedAt!: Date | null;

  /** When its bytes were found to have another hash, with nothing around them changed. */
  @Column({ type: 'timestamptz', name: 'corrupted_at', precision: 3, nullable: true })
  corruptedAt!: Date | null;

  @Column('text')
  state!: EntryState;

  @Column('text', { name: 'staged_name', nullable: true })
  stagedName!: string | null;

  /** See Replacement. */
  @Column('jsonb', { nullable: true })
  replacement!: object | null;

  /** Where a move took it from, with the parent below. */
  @Column('text', { name: 'source_filename', nullable: true })
  sourceFilename!: string | null;

  @Column('uuid', { name: 'source_parent_id', nullable: true })
  sourceParentId!: string | null;

  /** Of what is moved to another drive: see Exchanges. */
  @Column('uuid', { name: 'moves_id', nullable: true })
  movesId!: string | null;

  @Column('uuid', { name: 'lease_holder', nullable: true })
  leaseHolder!: string | null;

  @Column({ type: 'timestamptz', name: 'lease_until', precision: 3, nullable: true })
  leaseUntil!: Date | null;

  @Column({ type: 'timestamptz', name: 'missing_since', precision: 3, nullable: true })
  missingSince!: Date | null;

  /** What was put into the trash, with this entry in it: it itself, or a folder above. */
  @Column('uuid', { name: 'trash_id', nullable: true })
  trashId!: string | null;

  @Column({ type: 'timestamptz', name: 'trashed_at', precision: 3, nullable: true })
  trashedAt!: Date | null;

  /** See FormerPlace. */
  @Column('jsonb', { name: 'trashed_from', nullable: true })
  trashedFrom!: object | null;
}
