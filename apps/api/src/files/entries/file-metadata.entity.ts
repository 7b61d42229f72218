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

  @Column('text', { name: 'storage_path' })
  storagePath!: string;

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

  @Column('integer')
  version!: number;

  @Column('text')
  state!: EntryState;

  @Column('text', { name: 'staged_name', nullable: true })
  stagedName!: string | null;

  @Column('text', { name: 'source_path', nullable: true })
  sourcePath!: string | null;

  @Column('uuid', { name: 'source_parent_id', nullable: true })
  sourceParentId!: string | null;

  @Column('uuid', { name: 'lease_holder', nullable: true })
  leaseHolder!: string | null;

  @Column({ type: 'timestamptz', name: 'lease_until', precision: 3, nullable: true })
  leaseUntil!: Date | null;
}
