import type { Conflict } from '@homeserver/dto';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An upload in parts. bigints are texts. */
@Entity('uploads')
export class UploadEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('uuid', { name: 'drive_id' })
  driveId!: string;

  @Column('uuid', { name: 'folder_id' })
  folderId!: string;

  @Column('text')
  filename!: string;

  @Column('text', { array: true })
  tags!: string[];

  @Column('text')
  conflict!: Conflict;

  /** What the file says of its last change, where its client told. */
  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3, nullable: true })
  modifiedAt!: Date | null;

  /** What the bytes are to be, where the client knew. */
  @Column('bytea', { nullable: true })
  sha256!: Buffer | null;

  /** Upload-Metadata as it came. */
  @Column('text')
  metadata!: string;

  @Column('bigint')
  length!: string;

  /** How far the bytes are on the disk, as was acknowledged. */
  @Column('bigint', { name: 'committed_offset' })
  committedOffset!: string;

  @Column('text', { name: 'staged_name' })
  stagedName!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;

  @Column('uuid', { name: 'lease_holder', nullable: true })
  leaseHolder!: string | null;

  @Column({ type: 'timestamptz', name: 'lease_until', precision: 3, nullable: true })
  leaseUntil!: Date | null;

  /** Rises with each lease: whoever had an earlier one writes no more. */
  @Column('integer')
  fence!: number;

  /** What it has become; with `finished_at`. */
  @Column('uuid', { name: 'file_id', nullable: true })
  fileId!: string | null;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;

  /** When it was terminated, ran out, or came to nothing; it is remembered for a day. */
  @Column({ type: 'timestamptz', name: 'gone_at', precision: 3, nullable: true })
  goneAt!: Date | null;
}
