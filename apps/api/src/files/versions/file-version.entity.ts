import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An earlier content of a file. */
@Entity('file_versions')
export class FileVersionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'file_id' })
  fileId!: string;

  /** Where its bytes lie, wherever the file is by now. */
  @Column('uuid', { name: 'drive_id' })
  driveId!: string;

  /** The folder of its bytes: the id that the file had when they were kept. */
  @Column('uuid', { name: 'kept_under' })
  keptUnder!: string;

  @Column('bigint')
  size!: string;

  @Column('bytea', { nullable: true })
  sha256!: Buffer | null;

  @Column('text', { name: 'content_type' })
  contentType!: string;

  /** What a scanner of viruses said of its bytes. */
  @Column('text', { nullable: true })
  scan!: string | null;

  /** For whose quota its bytes count. */
  @Column('uuid', { name: 'uploaded_by', nullable: true })
  uploadedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3 })
  modifiedAt!: Date;

  @Column({ type: 'timestamptz', name: 'replaced_at', precision: 3 })
  replacedAt!: Date;

  @Column('text', { name: 'replaced_by', nullable: true })
  replacedBy!: string | null;

  /** When its bytes were last read, and had its hash. */
  @Column({ type: 'timestamptz', name: 'verified_at', precision: 3, nullable: true })
  verifiedAt!: Date | null;

  /** When its bytes were found to have another hash. */
  @Column({ type: 'timestamptz', name: 'corrupted_at', precision: 3, nullable: true })
  corruptedAt!: Date | null;

  /** Since when its bytes are to be removed: nobody sees it any more. */
  @Column({ type: 'timestamptz', name: 'removed_at', precision: 3, nullable: true })
  removedAt!: Date | null;
}
